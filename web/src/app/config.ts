/** What a deployment tells the console, in `/config.json` beside the page: one build serves every stage. */
export interface Config {
  readonly stage: string;
  /** Where and as which client people sign in; absent where nobody does. */
  readonly signIn?: { readonly authority: string; readonly clientId: string; readonly domain: string };
  /** Present on one's own machine only: whom a caller may pretend to be. */
  readonly local?: { readonly principals: readonly string[] };
}

/** Loads the configuration of this deployment. */
export async function loadConfig(): Promise<Config> {
  const response = await fetch('/config.json', { cache: 'no-cache' });
  if (!response.ok) throw new Error(`/config.json was answered with status ${response.status}`);
  return (await response.json()) as Config;
}
