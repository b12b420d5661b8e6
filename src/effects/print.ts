/** Effects as a person writes them in a rule: `release param0, given result1 is null`. */
import type { Effect, Guard, Slot } from './effect.ts';
import { assertNever } from '../errors.ts';

export function printEffect(effect: Effect): string {
  const parts = [`${effect.kind} ${details(effect)}`.trim()];
  if (effect.given !== undefined) parts.push(`given ${printGuard(effect.given)}`);
  if (effect.on !== 'both') parts.push(`on ${effect.on}`);
  if (effect.certainty === 'may') parts.push('may');
  return parts.join(', ');
}

export function printSlot(slot: Slot): string {
  const head = slot.at === 'receiver' || slot.at === 'callee' ? slot.at : `${slot.at}${String(slot.index)}`;
  return [head, ...(slot.fields ?? [])].join('.');
}

function printGuard({ slot, is }: Guard): string {
  return `${printSlot(slot)} is ${is}`;
}

function details(effect: Effect): string {
  switch (effect.kind) {
    case 'acquire':
      return `${effect.resource} at ${printSlot(effect.slot)}${effect.heldBy === undefined ? '' : `, held by ${effect.heldBy.map(printSlot).join(', ')}`}`;
    case 'release':
      return `${printSlot(effect.slot)}${effect.resource === undefined ? '' : ` (${effect.resource} only)`}`;
    case 'alias':
      return `${printSlot(effect.from)} into ${printSlot(effect.into)}`;
    case 'transfer':
      return `${printSlot(effect.from)} to ${typeof effect.to === 'string' ? effect.to : printSlot(effect.to)}`;
    case 'borrow':
    case 'drain':
    case 'escape':
      return printSlot(effect.slot);
    case 'invoke':
      return `${printSlot(effect.slot)} ${effect.when}${effect.outcome === undefined ? '' : ` if ${effect.outcome}`}`;
    case 'test':
      return `${printSlot(effect.slot)} is ${effect.is}`;
    case 'throws':
      return [effect.tier, ...effect.types].join(' ');
    case 'rejects':
      return effect.tier;
    case 'noReturn':
      return '';
    default:
      return assertNever(effect);
  }
}
