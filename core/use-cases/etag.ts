import { RegistryError } from '../domain/errors';
import type { Head, Model } from '../domain/model';
import type { ModelCard } from '../domain/model-card';
import type { Holder } from '../domain/records';
import type { Version } from '../domain/version';

/**
 * ETag of a model: it changes with the model and with every version that is registered. All ETags name the model's id:
 * under a name that was given away and taken again, what an old one matched is gone.
 */
export function modelEtag(model: Model, head: Head): string {
  return `"${model.id}.${model.revision}.${head.lastVersion}"`;
}

/** ETag of a version. */
export function versionEtag(version: Version): string {
  return `"${version.modelId}.${version.revision}"`;
}

/** ETag of the model card of a version: the next revision has another. */
export function cardEtag(modelId: string, { version, revision }: ModelCard): string {
  return `"${modelId}.card.${version}.${revision}"`;
}

/** ETag of an alias. */
export function holderEtag(holder: Holder, modelId: string): string {
  return `"${modelId}.${holder.revision}"`;
}

/**
 * Honours `If-Match` as RFC 9110 defines it: strong comparison, `*` for anything that exists.
 * @param etag of what the command changes now; undefined when it does not exist
 * @throws RegistryError precondition_failed
 */
export function checkIfMatch(ifMatch: string | undefined, etag: string | undefined): void {
  if (ifMatch === undefined) return;
  const wanted = ifMatch.split(',').map((candidate) => candidate.trim());
  if (etag !== undefined && (wanted.includes('*') || wanted.includes(etag))) return;
  throw new RegistryError('precondition_failed', 'The resource is not what If-Match expects; nothing was changed.', [
    { field: 'header.If-Match', value: ifMatch, rule: etag === undefined ? 'nothing exists here' : `now ${etag}` },
  ]);
}
