import type { S3Client } from '@aws-sdk/client-s3';
import type { Actions } from '../aws-json';
import { isObject, type JsonObject } from '../template';
import { configOutput, modelOutput } from './describe';
import { containersOf } from './fleets';
import { hasModelData } from './model-data';
import { arnOf, invalid, type Kind, nameIn, type Records } from './records';
import { variantsOf } from './variants';

const DEFAULT_PAGE = 10;

/** The actions on models, configurations and tags, which change nothing else. */
export function resourceActions(records: Records, s3: S3Client): Actions {
  return {
    'SageMaker.CreateModel': async (input) => {
      const name = nameIn(input, 'ModelName');
      records.refuseTaken('model', name);
      const containers = containersOf(input);
      if (containers.length === 0) throw invalid('A model needs a PrimaryContainer or Containers.');
      if (typeof input['ExecutionRoleArn'] !== 'string') throw invalid('A model needs an ExecutionRoleArn.');
      for (const { ModelDataUrl: url } of containers) {
        if (typeof url === 'string' && !(await hasModelData(s3, url)))
          throw invalid(`Could not find model data at ${url}.`);
      }
      records.set('model', name, { name, createdAt: Date.now(), input: withoutTags(input) });
      records.tag(arnOf('model', name), input['Tags']);
      return { ModelArn: arnOf('model', name) };
    },
    'SageMaker.DescribeModel': (input) => modelOutput(records.need('model', nameIn(input, 'ModelName'))),
    'SageMaker.DeleteModel': (input) => remove(records, 'model', nameIn(input, 'ModelName')),
    'SageMaker.ListModels': (input) =>
      listed(input, records.all('model'), 'Models', ({ name, createdAt }) => ({
        ModelName: name,
        ModelArn: arnOf('model', name),
        CreationTime: createdAt / 1_000,
      })),
    'SageMaker.CreateEndpointConfig': (input) => {
      const name = nameIn(input, 'EndpointConfigName');
      records.refuseTaken('endpoint-config', name);
      const config = { name, createdAt: Date.now(), input: withoutTags(input) };
      const variants = [...variantsOf(config, 'ProductionVariants'), ...variantsOf(config, 'ShadowProductionVariants')];
      if (variantsOf(config, 'ProductionVariants').length === 0)
        throw invalid('A configuration needs ProductionVariants.');
      for (const { ModelName } of variants) records.need('model', ModelName);
      records.set('endpoint-config', name, config);
      records.tag(arnOf('endpoint-config', name), input['Tags']);
      return { EndpointConfigArn: arnOf('endpoint-config', name) };
    },
    'SageMaker.DescribeEndpointConfig': (input) =>
      configOutput(records.need('endpoint-config', nameIn(input, 'EndpointConfigName'))),
    'SageMaker.DeleteEndpointConfig': (input) =>
      remove(records, 'endpoint-config', nameIn(input, 'EndpointConfigName')),
    'SageMaker.ListEndpointConfigs': (input) =>
      listed(input, records.all('endpoint-config'), 'EndpointConfigs', ({ name, createdAt }) => ({
        EndpointConfigName: name,
        EndpointConfigArn: arnOf('endpoint-config', name),
        CreationTime: createdAt / 1_000,
      })),
    'SageMaker.AddTags': ({ ResourceArn, Tags }) => {
      records.tag(existing(records, ResourceArn), Tags);
      return tagsOf(records, String(ResourceArn));
    },
    'SageMaker.ListTags': ({ ResourceArn }) => tagsOf(records, existing(records, ResourceArn)),
    'SageMaker.DeleteTags': ({ ResourceArn, TagKeys }) => {
      const arn = existing(records, ResourceArn);
      const gone = new Set(Array.isArray(TagKeys) ? TagKeys.map(String) : []);
      const left = Object.entries(records.get('tags', arn) ?? {}).filter(([key]) => !gone.has(key));
      records.set('tags', arn, Object.fromEntries(left));
      return {};
    },
  };
}

/** A page of a list, the newest first, as the input asks for it. */
export function listed<T extends { readonly name: string; readonly createdAt: number }>(
  { NameContains = '', MaxResults = DEFAULT_PAGE, NextToken }: JsonObject,
  all: readonly T[],
  field: string,
  shown: (record: T) => JsonObject,
): JsonObject {
  const sorted = all
    .filter(({ name }) => name.includes(String(NameContains)))
    .sort((a, b) => b.createdAt - a.createdAt || (a.name < b.name ? -1 : 1));
  const from = NextToken === undefined ? 0 : sorted.findIndex(({ name }) => name === NextToken) + 1;
  const page = sorted.slice(from, from + Number(MaxResults));
  const last = page.at(-1);
  const more = last && from + page.length < sorted.length;
  return { [field]: page.map(shown), ...(more && { NextToken: last.name }) };
}

function withoutTags({ Tags: _, ...input }: JsonObject): JsonObject {
  return input;
}

function remove(records: Records, kind: Kind, name: string): object {
  records.need(kind, name);
  records.delete(kind, name);
  records.delete('tags', arnOf(kind, name));
  return {};
}

/** The ARN of something that exists. */
function existing(records: Records, arn: JsonObject[string]): string {
  const kinds: Kind[] = ['model', 'endpoint-config', 'endpoint'];
  const isThere = kinds.some((kind) => records.all(kind).some(({ name }) => arnOf(kind, name) === arn));
  if (!isThere) throw invalid(`Could not find resource "${String(arn)}".`);
  return String(arn);
}

function tagsOf(records: Records, arn: string): object {
  return { Tags: Object.entries(records.get('tags', arn) ?? {}).map(([Key, Value]) => ({ Key, Value })) };
}

/** Deployment settings of an update, checked as far as they are understood here. */
export function deploymentOf({ DeploymentConfig }: JsonObject): JsonObject | undefined {
  if (!isObject(DeploymentConfig)) return undefined;
  if (DeploymentConfig['RollingUpdatePolicy'] !== undefined) {
    throw invalid('Rolling updates do not run locally; use a BlueGreenUpdatePolicy.');
  }
  return DeploymentConfig;
}
