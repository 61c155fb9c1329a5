import * as z from 'zod';
import { LIMITS } from '../../core/domain/limits';
import { once } from '../once';
import { operation } from '../operation';
import {
  artifactPath,
  artifactSummary,
  bytes,
  file,
  fileDeclaration,
  modelName,
  page,
  pageQuery,
  referenceDeclaration,
  sha256,
  signedRequest,
  version,
  versionNumber,
} from '../schemas';

const tag = 'Artifacts';
const params = once(() => z.strictObject({ model: modelName(), version: versionNumber() }));
const path = once(() => artifactPath)();
const onVersion = ['model_not_found', 'version_not_found'] as const;
const onUpload = [...onVersion, 'model_archived', 'version_locked', 'version_not_pending'] as const;

export const declareArtifacts = operation({
  id: 'declareArtifacts',
  method: 'POST',
  path: '/v1/models/{model}/versions/{version}/artifacts',
  effect: 'command',
  needs: 'register',
  tag,
  summary: 'Declares files of a PENDING version before they are sent',
  description: 'The same declaration again changes nothing, so an interrupted upload goes on where it was.',
  params,
  body: () =>
    z.strictObject({
      files: z.array(fileDeclaration()).max(LIMITS.filesPerCall).default([]),
      references: z.array(referenceDeclaration()).max(LIMITS.filesPerCall).default([]),
    }),
  status: 200,
  output: () => z.strictObject({ files: z.array(file()) }),
  errors: [...onUpload, 'limit_exceeded'],
});

export const listArtifacts = operation({
  id: 'listArtifacts',
  method: 'GET',
  path: '/v1/models/{model}/versions/{version}/artifacts',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists the files of a version by path, declared ones too',
  params,
  query: () => z.strictObject(pageQuery()),
  paged: 'asc',
  status: 200,
  output: () => page(file()),
  errors: onVersion,
});

export const removeArtifact = operation({
  id: 'removeArtifact',
  method: 'DELETE',
  path: '/v1/models/{model}/versions/{version}/artifacts',
  effect: 'command',
  needs: 'register',
  tag,
  summary: 'Withdraws the declaration of a file of a PENDING version',
  params,
  query: () => z.strictObject({ path: path() }),
  status: 204,
  errors: [...onUpload, 'artifact_not_found'],
});

export const requestUploads = operation({
  id: 'requestUploads',
  method: 'POST',
  path: '/v1/models/{model}/versions/{version}/uploads',
  effect: 'command',
  needs: 'register',
  tag,
  summary: 'Hands out the requests that send declared files, or the next parts of them',
  description:
    'The requests expire after an hour; asked again, also under the same Idempotency-Key, they are signed anew.',
  params,
  body: () =>
    z.strictObject({
      files: z
        .array(
          z.strictObject({
            path: path(),
            parts: z
              .array(z.strictObject({ number: z.int().min(1).max(LIMITS.parts), sha256: sha256() }))
              .min(1)
              .max(LIMITS.partsPerCall)
              .optional()
              .describe('The parts to send next, of a file that was declared with multipart.'),
          }),
        )
        .min(1)
        .max(LIMITS.filesPerCall),
    }),
  status: 200,
  output: () =>
    z.strictObject({
      uploads: z.array(
        z.strictObject({
          path: z.string(),
          request: signedRequest().optional(),
          parts: z.array(z.strictObject({ number: z.int(), ...signedRequest().shape })).optional(),
        }),
      ),
    }),
  errors: [...onUpload, 'artifact_not_found', 'artifact_not_multipart'],
});

export const getUpload = operation({
  id: 'getUpload',
  method: 'GET',
  path: '/v1/models/{model}/versions/{version}/uploads',
  effect: 'query',
  needs: 'register',
  tag,
  summary: 'Tells what of a file has arrived',
  params,
  query: () => z.strictObject({ ...pageQuery(), path: path() }).omit({ order: true }),
  paged: 'asc',
  status: 200,
  output: () =>
    z.strictObject({
      path: z.string(),
      complete: z.boolean(),
      difference: z.string().optional().describe('What is missing or wrong, in words.'),
      items: z.array(z.strictObject({ number: z.int(), size: bytes(), sha256: sha256().optional() })),
      cursor: z.string().optional(),
    }),
  errors: [...onVersion, 'artifact_not_found'],
});

export const finaliseVersion = operation({
  id: 'finaliseVersion',
  method: 'POST',
  path: '/v1/models/{model}/versions/{version}/finalise',
  effect: 'command',
  needs: 'register',
  tag,
  summary: 'Makes the files of a version final',
  description:
    'Sizes and checksums that the store knows are compared with what was declared. Where they differ each file is named and the version stays PENDING; otherwise it is READY and its files never change.',
  params,
  status: 200,
  output: version,
  errors: [...onUpload, 'artifacts_incomplete'],
});

export const getManifest = operation({
  id: 'getManifest',
  method: 'GET',
  path: '/v1/models/{model}/versions/{version}/manifest',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Shows the digest and all files of a READY version',
  params,
  query: () => z.strictObject(pageQuery()),
  paged: 'asc',
  status: 200,
  output: () =>
    z.strictObject({
      workspace: z.string(),
      model: z.string(),
      version: z.int(),
      artifacts: artifactSummary(),
      items: z.array(file()),
      cursor: z.string().optional(),
    }),
  errors: [...onVersion, 'version_not_ready'],
});

export const getDownload = operation({
  id: 'getDownload',
  method: 'GET',
  path: '/v1/models/{model}/versions/{version}/download',
  // It changes nothing but the audit, which the query function could not write.
  effect: 'command',
  needs: 'download',
  tag,
  summary: 'Hands out the address of one file of a READY version',
  description: 'The audit records who was given it, before it is answered.',
  params,
  query: () => z.strictObject({ path: path() }),
  status: 200,
  output: () =>
    z.strictObject({
      file: file(),
      request: signedRequest().optional().describe('For a stored file; expires after 15 minutes.'),
      uri: z.string().optional().describe('For a referenced file.'),
    }),
  errors: [...onVersion, 'version_not_ready', 'artifact_not_found'],
});
