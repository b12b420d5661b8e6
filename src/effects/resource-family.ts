/**
 * Which checks speak about a resource: it leaks, a transaction stays unfinished, a lock stays held, a listener stays
 * behind, a file is used up inline.
 */
export type ResourceFamily = 'resource' | 'transaction' | 'lock' | 'listener' | 'inline';
