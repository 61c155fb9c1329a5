import type { Version } from '../domain/version';
import type { Ports } from '../ports';
import type { Answer, Call, Decision } from './call';
import { checkIfMatch, versionEtag } from './etag';
import { execute } from './execute';
import { type Loaded, loadVersion } from './load';

/** What the path of an operation on a version says. */
export interface OneVersion {
  readonly model: string;
  readonly version: number;
}

/**
 * Runs a command on one version: loads it with its model as of one moment, honours If-Match, and decides.
 * @throws RegistryError model_not_found, version_not_found, model_archived, precondition_failed, and what the decision
 * refuses
 */
export function commandOnVersion<T>(
  ports: Ports,
  call: Call,
  { model, version }: OneVersion,
  decide: (loaded: Loaded & { readonly version: Version }) => Promise<Decision<T>> | Decision<T>,
): Promise<Answer<T>> {
  return execute(ports, call, async () => {
    const loaded = await loadVersion(ports, call, model, version);
    checkIfMatch(call.ifMatch, versionEtag(loaded.version));
    return decide(loaded);
  });
}
