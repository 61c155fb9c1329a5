/**
 * A value that is made when it is first asked for, and then kept. The contract declares its schemas so: building all of them takes
 * longer than everything else that a function does at its start, and a request needs two or three.
 */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
