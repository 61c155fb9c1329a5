import * as z from 'zod';
import { LIMITS } from '../../core/domain/limits';
import { once } from '../once';
import { operation } from '../operation';
import {
  comment,
  metadataInput,
  metadataPatch,
  modelName,
  page,
  pageQuery,
  reason,
  referenceDeclaration,
  tagKey,
  text,
  version,
  versionNumber,
  versionRow,
  workspaceName,
} from '../schemas';

const tag = 'Versions';
const params = once(() => z.strictObject({ model: modelName(), version: versionNumber() }));

/** Semantic Versioning 2.0.0, the regular expression that its specification suggests. */
const SEMANTIC_VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;

const semanticVersion = once(() =>
  z.string().max(LIMITS.semanticVersion).regex(SEMANTIC_VERSION, 'a semantic version such as 1.4.0 or 2.0.0-rc.1'),
);

const onVersion = ['model_not_found', 'version_not_found'] as const;
const onChange = [...onVersion, 'model_archived', 'version_locked'] as const;

export const registerVersion = operation({
  id: 'registerVersion',
  method: 'POST',
  path: '/v1/models/{model}/versions',
  effect: 'command',
  needs: 'register',
  tag,
  summary: 'Registers the next version of a model',
  description:
    'The registry numbers versions 1, 2, 3 … without gaps, also when several are registered at once. The version is PENDING until its files are final.',
  params: () => z.strictObject({ model: modelName() }),
  body: () =>
    z.strictObject({
      ...metadataInput(),
      semanticVersion: semanticVersion().optional(),
      parent: z
        .strictObject({
          workspace: workspaceName().optional(),
          model: modelName(),
          version: z.int().min(1).max(LIMITS.versionNumber),
        })
        .optional()
        .describe('The version that this one was derived from.'),
      references: z
        .array(referenceDeclaration())
        .max(LIMITS.filesPerCall)
        .optional()
        .describe('Files that stay where they are.'),
      final: z.boolean().optional().describe('No files will be sent: READY at once.'),
    }),
  status: 201,
  output: version,
  errors: ['model_not_found', 'model_archived', 'semantic_version_taken', 'limit_exceeded'],
});

export const listVersions = operation({
  id: 'listVersions',
  method: 'GET',
  path: '/v1/models/{model}/versions',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists the versions of a model, the newest first',
  params: () => z.strictObject({ model: modelName() }),
  query: () => z.strictObject(pageQuery()),
  paged: 'desc',
  status: 200,
  output: () => page(versionRow()),
  errors: ['model_not_found'],
});

export const getVersion = operation({
  id: 'getVersion',
  method: 'GET',
  path: '/v1/models/{model}/versions/{version}',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Shows a version',
  params,
  status: 200,
  output: version,
  errors: onVersion,
});

export const updateVersion = operation({
  id: 'updateVersion',
  method: 'PATCH',
  path: '/v1/models/{model}/versions/{version}',
  effect: 'command',
  needs: 'edit',
  tag,
  summary: 'Changes the metadata of a version',
  description:
    'A JSON merge patch: null removes; tags, metrics, hyper-parameters, environment and metadata are changed name by name, other fields as a whole.',
  params,
  body: () => z.strictObject(metadataPatch()),
  status: 200,
  output: version,
  errors: [...onChange, 'limit_exceeded'],
});

export const deleteVersion = operation({
  id: 'deleteVersion',
  method: 'DELETE',
  path: '/v1/models/{model}/versions/{version}',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Deletes a version with its aliases; its number is never given out again',
  params,
  query: () => z.strictObject({ reason: reason().optional() }),
  status: 204,
  errors: onChange,
});

export const copyVersion = operation({
  id: 'copyVersion',
  method: 'POST',
  path: '/v1/models/{model}/versions/{version}/copy',
  effect: 'command',
  needs: 'download',
  tag,
  summary: 'Copies a version to another model or workspace',
  description: 'The copy has the same files, which are not sent again; it is unreviewed and in no stage.',
  params,
  body: () =>
    z.strictObject({
      model: modelName(),
      workspace: workspaceName().optional(),
      semanticVersion: semanticVersion().optional(),
    }),
  status: 201,
  output: version,
  errors: [...onChange, 'version_not_ready', 'semantic_version_taken', 'workspace_not_found', 'limit_exceeded'],
});

const tagParams = once(() => z.strictObject({ model: modelName(), version: versionNumber(), key: tagKey() }));

export const setVersionTag = operation({
  id: 'setVersionTag',
  method: 'PUT',
  path: '/v1/models/{model}/versions/{version}/tags/{key}',
  effect: 'command',
  needs: 'edit',
  tag,
  summary: 'Sets one tag of a version',
  params: tagParams,
  body: () => z.strictObject({ value: text(LIMITS.tagValue) }),
  status: 200,
  output: version,
  errors: [...onChange, 'limit_exceeded'],
});

export const deleteVersionTag = operation({
  id: 'deleteVersionTag',
  method: 'DELETE',
  path: '/v1/models/{model}/versions/{version}/tags/{key}',
  effect: 'command',
  needs: 'edit',
  tag,
  summary: 'Removes one tag of a version',
  params: tagParams,
  status: 200,
  output: version,
  errors: onChange,
});

export const addComment = operation({
  id: 'addComment',
  method: 'POST',
  path: '/v1/models/{model}/versions/{version}/comments',
  effect: 'command',
  needs: 'request',
  tag,
  summary: 'Comments on a version',
  params,
  body: () => z.strictObject({ text: text(LIMITS.comment, 1) }),
  status: 201,
  output: comment,
  errors: [...onVersion, 'model_archived'],
});

export const listComments = operation({
  id: 'listComments',
  method: 'GET',
  path: '/v1/models/{model}/versions/{version}/comments',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists the comments on a version, the oldest first',
  params,
  query: () => z.strictObject(pageQuery()),
  paged: 'asc',
  status: 200,
  output: () => page(comment()),
  errors: onVersion,
});

export const deleteComment = operation({
  id: 'deleteComment',
  method: 'DELETE',
  path: '/v1/models/{model}/versions/{version}/comments/{comment}',
  effect: 'command',
  needs: 'request',
  tag,
  summary: 'Removes a comment: its author, or who may administer the model',
  params: () => z.strictObject({ model: modelName(), version: versionNumber(), comment: text(64, 1) }),
  status: 204,
  errors: [...onVersion, 'comment_not_found', 'model_archived'],
});
