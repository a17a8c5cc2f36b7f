/** Whose layers they are: some mean different things by the same name. */
export type Dialect = 'keras2' | 'keras3' | 'tfjs';
