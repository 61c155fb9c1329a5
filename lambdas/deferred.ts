type Methods<P> = { readonly [K in keyof P]: P[K] extends (...args: never[]) => Promise<unknown> ? P[K] : never };

/**
 * A port whose adapter is loaded when it is first called: most requests do without, and loading is most of a cold start. All of the
 * port's members must be methods that answer with a promise.
 * @param load makes the adapter; asked again after it failed
 */
export function deferred<P extends Methods<P>>(load: () => Promise<P>): P {
  let adapter: Promise<P> | undefined;
  const loaded = () => {
    adapter ??= load().catch((error: unknown) => {
      adapter = undefined;
      throw error;
    });
    return adapter;
  };
  const method =
    (name: string) =>
    async (...args: never[]) => {
      const port = (await loaded()) as Record<string, (...args: never[]) => Promise<unknown>>;
      return port[name]?.(...args);
    };
  return new Proxy({} as P, { get: (_, name) => (typeof name === 'string' ? method(name) : undefined) });
}
