import * as z from 'zod';
import { ERRORS } from './errors';
import type { Operation } from './operation';

type Schema = Record<string, unknown>;

/** Errors that every operation can answer besides its own. */
const COMMON = ['invalid_input', 'internal'] as const;
const COMMON_OF_COMMANDS = [
  'malformed_json',
  'payload_too_large',
  'unsupported_media_type',
  'precondition_failed',
  'idempotency_key_reused',
  'contention',
] as const;

/** RFC 9457 problem details, as every error answers them. */
const PROBLEM: Schema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
  properties: {
    type: { type: 'string', description: '`urn:signet:error:` and the code.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(ERRORS), description: 'Stable: match on it.' },
    detail: { type: 'string' },
    requestId: { type: 'string', description: 'Finds the request in the logs.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'rule'],
        properties: {
          field: { type: 'string', description: 'Path of the field, such as `body.tags.owner`.' },
          value: { description: 'The value got, cut to 200 characters.' },
          rule: { type: 'string', description: 'What is allowed.' },
        },
      },
    },
  },
};

/** Schemas that operations share, collected under their names while the paths are made. */
class Components {
  readonly schemas: Record<string, Schema> = { Problem: PROBLEM };

  /** The JSON Schema of a zod schema, with its named parts moved to the components. */
  schema(type: z.ZodType, io: 'input' | 'output'): Schema {
    const {
      $schema,
      $defs = {},
      ...schema
    } = z.toJSONSchema(type, { target: 'draft-2020-12', io }) as Schema & {
      $defs?: Record<string, Schema>;
    };
    for (const [name, part] of Object.entries($defs)) this.keep(name, relinked(part));
    return relinked(schema);
  }

  /** A name means one thing: a schema whose sent and answered forms differ must be declared as two. */
  private keep(name: string, part: Schema): void {
    const known = this.schemas[name];
    if (known && JSON.stringify(known) !== JSON.stringify(part)) throw new Error(`two schemas are named ${name}`);
    this.schemas[name] = part;
  }
}

function relinked(schema: Schema): Schema {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => {
      if (key === 'id' && typeof value === 'string') return undefined;
      return key === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', '#/components/schemas/') : value;
    }),
  );
}

function parameters(operation: Operation, components: Components): Schema[] {
  const of = (schema: z.ZodObject | undefined, place: 'path' | 'query'): Schema[] => {
    if (!schema) return [];
    const { properties = {}, required = [] } = components.schema(schema, 'input') as {
      properties?: Record<string, Schema>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, { description, ...type }]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description !== undefined && { description }),
      schema: type,
    }));
  };
  const headers =
    operation.effect === 'command' && operation.method !== 'GET'
      ? ['IfMatch', 'IdempotencyKey'].map((name) => ({ $ref: `#/components/parameters/${name}` }))
      : [];
  return [...of(operation.params?.(), 'path'), ...of(operation.query?.(), 'query'), ...headers];
}

function mediaType({ text, lines, page }: Operation): string {
  if (page) return 'text/html';
  if (lines) return 'application/x-ndjson';
  return text ? 'text/plain' : 'application/json';
}

function responses(operation: Operation, components: Components): Schema {
  const { output, status } = operation;
  const success: Schema = output
    ? {
        description: 'Done.',
        headers: { ETag: { $ref: '#/components/headers/ETag' } },
        content: {
          [mediaType(operation)]: { schema: components.schema(output(), 'output') },
        },
      }
    : { description: 'Done.' };
  const codes = [
    ...COMMON,
    ...(operation.needs === 'anyone' ? [] : ['forbidden' as const]),
    ...(operation.effect === 'command' ? COMMON_OF_COMMANDS : []),
    ...operation.errors,
  ];
  const byStatus = new Map<number, string[]>();
  for (const code of [...new Set(codes)].sort()) {
    const at = ERRORS[code].status;
    byStatus.set(at, [...(byStatus.get(at) ?? []), code]);
  }
  if (!operation.open) byStatus.set(401, ['unauthenticated']);
  const problems = [...byStatus].map(([at, list]) => [
    String(at),
    {
      description: list.map((code) => `\`${code}\``).join(', '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ]);
  return Object.fromEntries([[String(status), success], ...problems]);
}

function pathItem(operation: Operation, components: Components): Schema {
  const { id, tag, summary, description, body, open } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    parameters: parameters(operation, components),
    ...(body && {
      requestBody: {
        required: components.schema(body(), 'input')['required'] !== undefined,
        content: { 'application/json': { schema: components.schema(body(), 'input') } },
      },
    }),
    responses: responses(operation, components),
    ...(open && { security: [] }),
  };
}

/** The OpenAPI 3.1 document of the native API, made from its operations. */
export function openApiDocument(operations: readonly Operation[], version: string): Schema {
  const components = new Components();
  const paths: Record<string, Record<string, Schema>> = {};
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: pathItem(operation, components),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Signet',
      version,
      summary: 'A serverless registry for machine-learning models.',
      description:
        'Every path works in the workspace `default`; put `/w/{workspace}` before it for another one. Times are UTC with milliseconds.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      { url: '/', description: 'The workspace default.' },
      {
        url: '/w/{workspace}',
        description: 'Another workspace.',
        variables: { workspace: { default: 'default' } },
      },
    ],
    security: [{ bearer: [] }, { sigv4: [] }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(components.schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      parameters: {
        IfMatch: {
          name: 'If-Match',
          in: 'header',
          schema: { type: 'string' },
          description: 'The change is made only if the resource has one of these ETags now; otherwise 412.',
        },
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          schema: { type: 'string', maxLength: 255 },
          description:
            'The same key and request get the same answer for 48 hours, and one effect; another request 422. Keys are those of a person, or of a role whatever its session.',
        },
      },
      headers: { ETag: { schema: { type: 'string' }, description: 'Version of what is answered.' } },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Token of the user pool.' },
        sigv4: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'AWS Signature Version 4, service execute-api.',
        },
      },
    },
  };
}
