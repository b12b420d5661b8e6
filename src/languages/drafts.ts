/** Declarations on the way: frontends number them when all of a file are known. */
import type { Declaration } from './language.ts';

export type Draft = Omit<Declaration, 'id' | 'symbol'>;

/** What holds for all code that stands outside functions: initialisers, the statements of a module. */
export const outsideFunctions = {
  params: [],
  returnType: null,
  throws: [],
  annotations: [],
  isPrivate: true,
  isAsync: false,
  hasBody: true,
  isEmpty: false,
} satisfies Partial<Draft>;
