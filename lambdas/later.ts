import { once } from '../contract/once';

/**
 * Use cases of a module that is loaded when one of them is first called, so that a function starts without what it seldom does.
 * @param load imports the module; the bundle keeps it in a file of its own
 */
export function later<M extends object>(load: () => Promise<M>) {
  const module = once(load);
  return <K extends keyof M>(name: K): M[K] => {
    const useCase: Bound = (ports) => async (input, call) => ((await module())[name] as Bound)(ports)(input, call);
    return useCase as M[K];
  };
}

type Bound = (ports: unknown) => (input: unknown, call: unknown) => Promise<unknown>;
