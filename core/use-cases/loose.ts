/**
 * A type whose optional fields may also be there with the value undefined, as parsers leave them. JSON, in which all of
 * it is stored, knows no difference.
 */
export type Loose<T> = T extends readonly (infer Item)[]
  ? readonly Loose<Item>[]
  : T extends object
    ? { [K in keyof T]: undefined extends T[K] ? Loose<T[K]> | undefined : Loose<T[K]> }
    : T;
