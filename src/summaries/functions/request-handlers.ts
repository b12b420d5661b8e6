/** Which functions answer requests, one after the other on one event loop, going by what they are given. */
import type { IrFunction, PlaceId } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase } from '../../resolve/type-names.ts';

/** The first parameter is the request, or two of them are what a request is answered by: `(error, req, res, next)`. */
export function answersRequests(scope: Scope): boolean {
  const { fn } = scope;
  const [isFirst, ...isOther] = fn.params.map((param) => isOfRequest(scope, param));
  const others = isOther.filter((is) => is).length;
  return isFirst === true || others > 1 || (others === 1 && isUnused(fn));
}

/** A function around it does: what that keeps is gone when it has answered. */
export function isInHandler({ around }: Scope): boolean {
  return around !== null && (answersRequests(around.scope) || isInHandler(around.scope));
}

/** `configureServer(server) { server.middlewares.use((req, res) => …) }`: it, or a function around it, is written for such a server. */
export function isOfDevelopment(scope: Scope): boolean {
  const { fn, world, file, around } = scope;
  const servers = world.models.conventions.developmentServers;
  if (servers === null) return false;
  const declared = fn.returns === null ? [] : [world.resolve(file.index, scope.owner, fn.returns)];
  const types = [...fn.params.map((param) => scope.typeOf(param)), ...declared];
  if (servers.functions.test(fn.name) || types.some((type) => type !== null && servers.types.test(erase(type))))
    return true;
  return around !== null && isOfDevelopment(around.scope);
}

function isOfRequest(scope: Scope, param: PlaceId): boolean {
  const { requestNames, requestContexts } = scope.world.models.conventions;
  const place = scope.fn.places[param];
  if (place?.kind !== 'local' || place.name === null || requestNames?.test(place.name) !== true) return false;
  if (requestContexts?.names.test(place.name) !== true) return true;
  const type = scope.typeOf(param);
  return type === null || isRequestContext(scope, type);
}

/** A library's goes by its name, one of the project by what it has. */
function isRequestContext({ world }: Scope, type: string): boolean {
  const { requestContexts } = world.models.conventions;
  return world.ancestors(type).some((one) => {
    const found = world.project.type(one);
    if (found === null) return requestContexts?.types.test(one) === true;
    return found.shape.fields.some(({ name }) => requestContexts?.members.test(name) === true);
  });
}

/** `(_, res)`: the first one is left out. */
function isUnused({ params: [first], places }: IrFunction): boolean {
  const place = first === undefined ? undefined : places[first];
  return place?.kind === 'local' && place.name === '_';
}
