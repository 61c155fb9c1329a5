import * as z from 'zod';
import { RIGHTS, ROLES } from '../core/domain/access';
import { CARD_STATUSES, RISK_RATINGS } from '../core/domain/assessment-terms';
import { characters, type Json, utf8Length } from '../core/domain/json';
import { LIMITS } from '../core/domain/limits';
import { once } from './once';

/** A text of so many characters (code points, as JSON Schema counts them too) that has a UTF-8 form. */
export function text(max: number, min = 0) {
  const rule = min > 0 ? `${min} to ${max} characters` : `at most ${max} characters`;
  return z
    .string()
    .refine((value) => value.length >= min && (value.length <= max || characters(value) <= max), { message: rule })
    .refine((value) => value.isWellFormed(), { message: 'without unpaired surrogates' })
    .meta({ ...(min > 0 && { minLength: min }), maxLength: max });
}

/** Names, no longer than the keys of the table can hold: the registry's rules say the rest. */
export const workspaceName = once(() => text(LIMITS.workspaceName, 1));
export const modelName = once(() => text(LIMITS.modelName, 1));
export const aliasName = once(() => text(LIMITS.alias, 1));
export const stageName = once(() => text(LIMITS.stageName, 1));
export const tagKey = once(() => text(LIMITS.tagKey, 1));
export const artifactPath = once(() =>
  text(LIMITS.artifactPath, 1).refine((path) => utf8Length(path) <= LIMITS.artifactPath, {
    message: `at most ${LIMITS.artifactPath} bytes of UTF-8`,
  }),
);

export const reason = once(() => text(LIMITS.reason));
export const bypass = once(() =>
  z
    .boolean()
    .describe('Passes over what an approval policy asks for, if the caller has the right; the audit marks it.'),
);
export const sha256 = once(() => z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits'));
export const timestamp = once(() => z.iso.datetime({ offset: true }));
export const bytes = once(() => z.int().min(0).max(LIMITS.objectBytes));

/** A map from names to values. */
export function map<V extends z.ZodType>(value: V) {
  return z.record(text(256, 1), value);
}

/** A patch of a map: null removes a name. */
export function mapPatch<V extends z.ZodType>(value: V) {
  return map(value.nullable());
}

export const actor = once(() =>
  z
    .strictObject({ id: z.string(), kind: z.enum(['person', 'machine']), name: z.string() })
    .meta({ id: 'Actor', description: 'Who acted.' }),
);

const stageInput = once(() =>
  z.strictObject({
    name: stageName(),
    exclusive: z.boolean().default(false).describe('At most one version holds it; who enters replaces the holder.'),
    requiresApproval: z.boolean().default(false).describe('Only approved versions enter.'),
  }),
);
const transitions = once(() => z.array(z.strictObject({ from: stageName(), to: stageName() })).max(LIMITS.stages ** 2));

export const stageSchemeInput = once(() =>
  z.strictObject({ stages: z.array(stageInput()).min(2).max(LIMITS.stages), transitions: transitions() }).meta({
    id: 'StageSchemeInput',
    description: 'The stages of a model and the moves between them that are allowed.',
  }),
);

const stageScheme = once(() =>
  z
    .strictObject({
      stages: z.array(z.strictObject({ name: z.string(), exclusive: z.boolean(), requiresApproval: z.boolean() })),
      transitions: transitions(),
    })
    .meta({ id: 'StageScheme', description: 'The stages of a model and the moves between them that are allowed.' }),
);

/** Any JSON value. */
export const json: () => z.ZodType<Json> = once(() =>
  z
    .union(
      [
        z.null(),
        z.boolean(),
        z.number(),
        z.string(),
        z.array(z.lazy(() => json())),
        z.record(
          z.string(),
          z.lazy(() => json()),
        ),
      ],
      { error: 'a JSON value whose numbers are finite' },
    )
    .meta({ id: 'Json', description: 'Any JSON value.' }),
);

export const workspace = once(() =>
  z
    .strictObject({
      name: z.string(),
      description: z.string().optional(),
      createdAt: timestamp(),
      createdBy: actor(),
    })
    .meta({ id: 'Workspace' }),
);

export const workspaceRow = once(() =>
  workspace()
    .extend({ omitted: z.array(z.string()).optional() })
    .meta({ id: 'WorkspaceRow', description: 'A workspace in a list; a long description is left out and named.' }),
);

const modelFields = once(() => ({
  id: z.string().describe('Stays the same when the model is renamed.'),
  workspace: z.string(),
  name: z.string(),
  description: z.string().optional().describe('Markdown.'),
  tags: z.record(z.string(), z.string()),
  stages: stageScheme(),
  state: z.enum(['active', 'archived', 'deleted']),
  createdAt: timestamp(),
  createdBy: actor(),
  updatedAt: timestamp(),
  updatedBy: actor(),
  deletedAt: timestamp().optional(),
}));

export const model = once(() =>
  z
    .strictObject({
      ...modelFields(),
      lastVersion: z.int().describe('Highest version number given out; 0 before the first.'),
    })
    .meta({ id: 'Model' }),
);

/** Names of fields that a page leaves out because they are large; reading the one resource returns them. */
const omitted = once(() => z.array(z.string()).optional());

export const modelRow = once(() =>
  z
    .strictObject({ ...modelFields(), omitted: omitted() })
    .partial({ tags: true, stages: true })
    .meta({ id: 'ModelRow', description: 'A model in a list.' }),
);

export const run = once(() =>
  z.strictObject({
    id: text(512, 1).optional(),
    system: text(64).optional().describe('What ran it: sagemaker, mlflow, github …'),
    experiment: text(512).optional(),
    url: z
      .url({ protocol: /^https?$/ })
      .max(LIMITS.uri)
      .optional(),
  }),
);

const environmentMap = once(() => map(text(4_096)));

export const container = once(() =>
  z.strictObject({
    image: text(1_024, 1),
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 lower-case hexadecimal digits')
      .optional(),
    environment: environmentMap().optional(),
    modelData: artifactPath().optional().describe('Path of the artifact that the container loads.'),
  }),
);

export const dependencies = once(() =>
  z.strictObject({
    python: text(64, 1).optional(),
    libraries: map(text(256)).refine((libraries) => Object.keys(libraries).length <= LIMITS.libraries, {
      message: `at most ${LIMITS.libraries} libraries`,
    }),
  }),
);

export const code = once(() =>
  z.strictObject({
    repository: text(LIMITS.uri, 1),
    commit: z.string().regex(/^[0-9a-f]{7,64}$/, '7 to 64 lower-case hexadecimal digits'),
    path: text(LIMITS.uri).optional(),
  }),
);

export const dataset = once(() =>
  z.strictObject({
    name: text(512, 1),
    uri: text(LIMITS.uri, 1).optional(),
    digest: text(256, 1).optional(),
    role: z.enum(['training', 'validation', 'test', 'baseline', 'other']).optional(),
  }),
);

export const typedValue = once(() =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('string'), value: text(LIMITS.tagValue) }),
    z.strictObject({ type: z.literal('number'), value: z.number() }),
    z.strictObject({ type: z.literal('boolean'), value: z.boolean() }),
    z.strictObject({ type: z.literal('timestamp'), value: timestamp() }),
    z.strictObject({ type: z.literal('json'), value: json() }),
  ]),
);

export const metric = once(() => z.number().describe('Any finite double.'));
const hyperParameter = once(() =>
  z.union([text(10_000), z.number(), z.boolean()], {
    error: 'a text of at most 10000 characters, a finite number or a boolean',
  }),
);
const notebook = once(() => text(LIMITS.uri, 1));

/** What callers say of a version when they register it. */
export const metadataInput = once(() => ({
  description: text(LIMITS.description).optional().describe('Markdown.'),
  run: run().optional(),
  source: text(LIMITS.uri, 1).optional().describe('Where the files came from.'),
  tags: map(text(LIMITS.tagValue)).optional(),
  metrics: map(metric()).optional(),
  hyperParameters: map(hyperParameter()).optional(),
  dependencies: dependencies().optional(),
  containers: z.array(container()).max(LIMITS.containers).optional(),
  code: code().optional(),
  datasets: z.array(dataset()).max(LIMITS.datasets).optional(),
  notebooks: z.array(notebook()).max(LIMITS.notebooks).optional(),
  environment: environmentMap().optional(),
  metadata: map(typedValue()).optional(),
  signature: json().optional().describe('Input and output schema of the model.'),
}));

/** What callers change of it: null removes. */
export const metadataPatch = once(() => ({
  description: text(LIMITS.description).nullable().optional(),
  run: run().nullable().optional(),
  source: text(LIMITS.uri, 1).nullable().optional(),
  tags: mapPatch(text(LIMITS.tagValue)).optional(),
  metrics: mapPatch(metric()).optional(),
  hyperParameters: mapPatch(hyperParameter()).optional(),
  dependencies: dependencies().nullable().optional(),
  containers: z.array(container()).max(LIMITS.containers).nullable().optional(),
  code: code().nullable().optional(),
  datasets: z.array(dataset()).max(LIMITS.datasets).nullable().optional(),
  notebooks: z.array(notebook()).max(LIMITS.notebooks).nullable().optional(),
  environment: mapPatch(text(4_096)).optional(),
  metadata: mapPatch(typedValue()).optional(),
  signature: json().optional(),
}));

export const artifactSummary = once(() =>
  z
    .strictObject({
      digest: sha256().describe('SHA-256 of the manifest: versions with the same digest have the same files.'),
      files: z.int(),
      bytes: z.int(),
    })
    .meta({ id: 'ArtifactSummary' }),
);

const reference = once(() => z.strictObject({ workspace: z.string(), model: z.string(), version: z.int() }));

const modelPackage = once(() =>
  z
    .strictObject({
      arn: z.string().optional().describe('Absent where SageMaker did not take the version.'),
      origin: z.enum(['sagemaker', 'signet']).describe('Where it was first.'),
      status: z.enum(['Pending', 'InProgress', 'Completed', 'Failed', 'Deleting', 'Deleted']),
      approval: z.enum(['PendingManualApproval', 'Approved', 'Rejected']).optional(),
      approvalDescription: z.string().optional(),
      approvalBy: z.string().optional().describe('ARN of who decided there.'),
      objection: z
        .string()
        .optional()
        .describe('Why what was decided there does not count here, or why SageMaker did not take the version.'),
    })
    .meta({
      id: 'ModelPackage',
      description: "The package in SageMaker's registry that a version came from or was made, as last seen.",
    }),
);

const versionFields = once(() => ({
  workspace: z.string(),
  model: z.string(),
  version: z.int(),
  status: z.enum(['PENDING', 'READY']).describe('PENDING until its files are final.'),
  stage: z.string(),
  stageSince: timestamp().optional(),
  approval: z.strictObject({
    status: z.enum(['PendingApproval', 'Approved', 'Rejected']),
    reason: z.string().optional(),
    by: actor().optional(),
    at: timestamp().optional(),
    artifactDigest: sha256().optional().describe('Digest of the files that were reviewed.'),
    containersDigest: sha256().optional().describe('Digest of the containers that were reviewed.'),
    request: z.string().optional().describe('Id of the transition request by which it was approved.'),
    approvers: z.array(actor()).optional().describe('Who approved that request.'),
    expiresAt: timestamp().optional().describe('From then on it approves nothing any more.'),
  }),
  aliases: z.array(z.string()),
  lock: z.strictObject({ reason: z.string(), by: actor(), at: timestamp() }).optional(),
  artifacts: artifactSummary().optional(),
  card: z
    .strictObject({
      revision: z.int(),
      status: z.enum(CARD_STATUSES),
      riskRating: z.enum(RISK_RATINGS),
      contentDigest: sha256().describe('SHA-256 of what the card says, whatever its status.'),
    })
    .optional()
    .describe('The newest revision of its model card.'),
  semanticVersion: z.string().optional(),
  parent: reference().optional(),
  copiedFrom: reference().optional(),
  createdAt: timestamp(),
  createdBy: actor(),
  updatedAt: timestamp(),
  updatedBy: actor(),
  editedAt: timestamp().describe('When description or stage last changed.'),
  location: z.string().optional().describe('Where the files are, when the registry does not keep them.'),
  modelPackage: modelPackage().optional(),
  ...metadataInput(),
  tags: z.record(z.string(), z.string()),
  metrics: z.record(z.string(), z.number()),
  hyperParameters: z.record(z.string(), hyperParameter()),
  containers: z.array(container()),
  datasets: z.array(dataset()),
  notebooks: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  metadata: z.record(z.string(), typedValue()),
}));

export const version = once(() => z.strictObject(versionFields()).meta({ id: 'Version' }));

export const versionRow = once(() =>
  z
    .strictObject({ ...versionFields(), omitted: omitted() })
    .partial()
    .required({ workspace: true, model: true, version: true })
    .meta({
      id: 'VersionRow',
      description: 'A version in a list; fields that would make the page large are named in omitted.',
    }),
);

export const multipartPlan = once(() =>
  z.strictObject({
    partSize: z
      .int()
      .describe(`Bytes of every part but the last, from ${LIMITS.minPartBytes} to ${LIMITS.maxPartBytes}.`),
    sha256OfParts: sha256().describe("SHA-256 of the parts' binary SHA-256 digests, one after the other."),
  }),
);

export const fileDeclaration = once(() =>
  z.strictObject({
    path: artifactPath(),
    size: bytes(),
    sha256: sha256(),
    multipart: multipartPlan().optional().describe('Sent in parts; needed above 5 GiB.'),
  }),
);

export const referenceDeclaration = once(() =>
  z.strictObject({
    path: artifactPath(),
    uri: text(4_096),
    size: bytes().optional(),
    sha256: sha256().optional(),
  }),
);

export const file = once(() =>
  z
    .strictObject({
      path: z.string(),
      kind: z.enum(['stored', 'reference']),
      size: z.int().optional(),
      sha256: sha256().optional(),
      multipart: z.strictObject({ partSize: z.int(), parts: z.int(), sha256OfParts: sha256() }).optional(),
      uri: z.string().optional(),
    })
    .meta({ id: 'File' }),
);

export const signedRequest = once(() =>
  z
    .strictObject({
      method: z.enum(['GET', 'PUT']),
      url: z.string(),
      headers: z.record(z.string(), z.string()).describe('Must be sent as they are.'),
      expiresAt: timestamp(),
    })
    .meta({ id: 'SignedRequest', description: 'A request to the artifact store that the caller makes by itself.' }),
);

export const holder = once(() => ({
  workspace: z.string(),
  model: z.string(),
  version: z.int(),
  since: timestamp(),
  by: actor(),
  artifacts: artifactSummary(),
  semanticVersion: z.string().optional(),
}));

export const alias = once(() => z.strictObject({ alias: z.string(), ...holder() }).meta({ id: 'Alias' }));

export const stageHolders = once(() =>
  z
    .strictObject({
      name: z.string(),
      exclusive: z.boolean(),
      requiresApproval: z.boolean(),
      holder: z.strictObject(holder()).optional(),
      newest: z.int().optional().describe('Highest version in the stage.'),
    })
    .meta({ id: 'StageHolders' }),
);

export const stay = once(() =>
  z
    .strictObject({
      version: z.int(),
      from: timestamp(),
      to: timestamp().optional().describe('Absent while it holds.'),
      enteredBy: actor(),
      leftBy: actor().optional(),
    })
    .meta({ id: 'Stay', description: 'The time for which a version held a stage or an alias.' }),
);

export const comment = once(() =>
  z
    .strictObject({ id: z.string(), version: z.int(), text: z.string(), author: actor(), createdAt: timestamp() })
    .meta({ id: 'Comment' }),
);

/** The answer of a list: rows, and the cursor of the next page. */
export function page<T extends z.ZodType>(row: T) {
  return z.strictObject({
    items: z.array(row),
    cursor: z.string().optional().describe('Asks for the next page; absent on the last one.'),
  });
}

/** Query parameters of every list. */
export const pageQuery = once(() => ({
  limit: z.coerce.number().int().min(1).max(LIMITS.page).default(LIMITS.defaultPage),
  cursor: z.string().min(1).optional(),
  order: z.enum(['asc', 'desc']).optional(),
}));

/** A version number in a path. */
export const versionNumber = once(() =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,9}$/, 'a whole number from 1 to 9999999999')
    .transform(Number),
);

/** What somebody may do at a place, and of the rest why not. */
export const access = once(() =>
  z
    .strictObject({
      model: z.string().optional(),
      administrator: z.boolean().describe('Of the registry: may do everything in every workspace.'),
      roles: z.array(z.enum(ROLES)),
      rights: z.array(z.enum(RIGHTS)),
      denied: z.array(z.strictObject({ right: z.enum(RIGHTS), needs: z.string().describe('What would give it.') })),
    })
    .meta({ id: 'Access' }),
);
