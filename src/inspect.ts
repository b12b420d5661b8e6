/**
 * What the passes know of one file, for `closewait debug` and `models test`: the same objects a scan makes, with the
 * files below the working directory as the project, and plain data to print.
 */
import { resolve } from 'node:path';
import { printEffect, printSlot } from './effects/print.ts';
import { simulate } from './engine/simulate.ts';
import type { State } from './engine/state.ts';
import { entriesOf } from './engine/store.ts';
import { printValue } from './engine/value.ts';
import { UserError } from './errors.ts';
import { lineMap } from './findings/line-map.ts';
import type { CallInstruction, IrFunction } from './ir/ir.ts';
import { printPlace } from './ir/print-line.ts';
import { frontendFor } from './languages/registry.ts';
import { loadApiIndex } from './models/api-index.ts';
import { loadModels } from './models/load.ts';
import { discover, type FileGlobs } from './project/discover.ts';
import { findHomes } from './project/homes.ts';
import { fileTable, Project, type IndexedFile } from './project/project.ts';
import { SourceStore } from './project/source-store.ts';
import { readSourceText, textOrNull } from './project/source-text.ts';
import type { Scope } from './resolve/scope.ts';
import { World } from './resolve/world.ts';
import { calleeLabel } from './summaries/call-names.ts';
import { Demand } from './summaries/demand.ts';
import { obligations } from './summaries/obligations/obligations.ts';

/** What there is around the file. */
export interface Surroundings {
  readonly cwd: string;
  /** YAML files of the user's own models. */
  readonly modelFiles: readonly string[];
  readonly exclude: readonly string[];
  /** Of a configuration. */
  readonly globs: FileGlobs | null;
}

export interface KnownCall {
  readonly line: number;
  readonly callee: string;
  /** `rules/java/jdbc.yaml:12`, a function of the scan, `platform` or `nobody knows it`. */
  readonly source: string;
  readonly type: string | null;
  readonly throws: string;
  readonly acquires: readonly string[];
  readonly effects: readonly string[];
}

export interface KnownFunction {
  readonly symbol: string;
  readonly acquires: readonly string[];
  readonly effects: readonly string[];
}

export interface KnownStates {
  readonly acquisition: string;
  /** In the order of the visits: a block and what is known where it begins. */
  readonly visits: readonly { readonly block: number; readonly facts: readonly string[]; readonly throws: string }[];
  readonly exits: readonly { readonly kind: string; readonly line: number }[];
}

/** A file with everything around it, ready to be asked. */
export class Inspection {
  readonly #demand: Demand;
  readonly #file: IndexedFile;
  readonly #line: (offset: number) => number;

  constructor(demand: Demand, file: IndexedFile, text: string) {
    this.#demand = demand;
    this.#file = file;
    const lines = lineMap(text);
    this.#line = (offset) => lines.position(offset).line;
  }

  /** Functions with their closures, outer first. null: every function. */
  ir(name: string | null): IrFunction[] {
    return this.#declared(name).flatMap((declaration) =>
      this.#demand.body(this.#file, declaration).map(({ fn }) => fn),
    );
  }

  /** Calls that begin on the line, in source order. */
  calls(line: number): KnownCall[] {
    return this.#scopes().flatMap((scope) =>
      writtenCalls(scope)
        .filter((call) => this.#line(call.span.start) === line)
        .map((call) => this.#knownCall(scope, call)),
    );
  }

  /** null: every function. */
  functions(name: string | null): KnownFunction[] {
    return this.#declared(name).map((declaration) => {
      const { effects, acquisitions } = this.#demand.summary({ file: this.#file, declaration });
      const acquires = acquisitions.map(({ resource, slot }) => `${resource} at ${printSlot(slot)}`);
      return { symbol: declaration.symbol, acquires, effects: effects.map(printEffect) };
    });
  }

  /** How the engine walks with what is acquired on the line. */
  states(line: number): KnownStates[] {
    return this.#scopes().flatMap((scope) =>
      obligations(this.#demand, scope, 'file')
        .filter(({ span }) => this.#line(span.start) === line)
        .map(({ seed, resource }) => {
          const visits: { block: number; facts: readonly string[]; throws: string }[] = [];
          const { open } = simulate(scope.fn, this.#demand.context(scope), seed, (block, state) => {
            visits.push({ block, facts: factsOf(scope, state), throws: state.weakest ?? 'none' });
          });
          const exits = open.map(({ kind, span }) => ({ kind, line: this.#line(span.start) }));
          return { acquisition: `${resource} by ${seed.label}`, visits, exits };
        }),
    );
  }

  #scopes(): readonly Scope[] {
    return this.#declared(null).flatMap((declaration) => this.#demand.body(this.#file, declaration));
  }

  #declared(name: string | null): IndexedFile['index']['declarations'] {
    return this.#file.index.declarations.filter(
      (declaration) => declaration.hasBody && (name === null || declaration.name === name),
    );
  }

  #knownCall(scope: Scope, call: CallInstruction): KnownCall {
    const known = this.#demand.knowledge(scope, call);
    const resolved = scope.resolved(call);
    const [model] = resolved.models;
    const [found] = resolved.declarations;
    return {
      line: this.#line(call.span.start),
      callee: calleeLabel(call),
      source:
        model?.source ??
        found?.declaration.symbol ??
        (resolved.signature === null ? 'nobody knows it' : resolved.signature.isPlatform ? 'platform' : 'a signature'),
      type: resolved.ownerType,
      throws: known.throws,
      acquires: known.acquisitions.map(({ resource, slot }) => `${resource} at ${printSlot(slot)}`),
      effects: known.effects.map(printEffect),
    };
  }
}

export async function inspect(target: string, { modelFiles, ...around }: Surroundings): Promise<Inspection> {
  const { cwd } = around;
  const frontend = frontendFor(target);
  if (frontend === null) throw new UserError(`${target} is not a source file in a supported language`);
  const source = readSourceText(resolve(cwd, target));
  if ('problem' in source) throw new UserError(`${target} ${source.problem}`);
  await frontend.load();
  // What is named is taken, ignored or not.
  const { files: found } = discover(['.', target], { ...around, extensions: frontend.extensions });
  const absolutes = found.map(({ absolute }) => absolute);
  const homes = findHomes(frontend, absolutes, cwd);
  const sources = found.map(({ path, absolute }) => ({
    path,
    frontend,
    text: () => textOrNull(absolute),
    mayMatter: true,
    home: homes.of(absolute),
  }));
  const models = loadModels(frontend.id, modelFiles);
  const project = new Project(fileTable(sources), new SourceStore(models.conventions));
  const file = project.file(found.find(({ absolute }) => absolute === resolve(cwd, target))?.path ?? target);
  if (file === null) throw new UserError(`${target} cannot be read`);
  const world = new World(project, models, loadApiIndex(frontend.id), frontend);
  return new Inspection(new Demand(world), file, source.text);
}

function writtenCalls({ fn }: Scope): CallInstruction[] {
  const calls = fn.blocks.flatMap((block) =>
    block.instructions.flatMap((one) => (one.op === 'call' && !one.isImplicit && block.cloneOf === null ? [one] : [])),
  );
  return calls.sort((a, b) => a.span.start - b.span.start);
}

function factsOf({ fn }: Scope, { store }: State): string[] {
  return entriesOf(store).map(([place, value]) => `${printPlace(fn, place)} = ${printValue(value)}`);
}
