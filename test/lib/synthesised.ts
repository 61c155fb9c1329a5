import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { OPERATIONS } from '../../contract/operations';
import { registryApp } from '../../lib/app';
import { RegistryStack, type RegistryStackProps } from '../../lib/registry-stack';
import { type Stage, settingsFor } from '../../lib/settings';

/** A value of a template as JSON has it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Properties = Record<string, Json>;
export interface Resource {
  readonly Type: string;
  readonly Properties: Properties;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Properties;
}

/** No test here runs the functions, and the CDK's own rules, which take seconds, are checked by `npm run synth`. */
const QUICK = {
  context: { 'aws:cdk:bundling-stacks': [], [cxapi.DISABLE_CREATION_STACK_TRACES]: true },
  builtinCloudFormationValidation: false,
  analyticsReporting: false,
  treeMetadata: false,
  outdir: join(tmpdir(), `signet-synthesised-${process.env['JEST_WORKER_ID']}`),
};

/** The stack of a stage. */
export function stackOf(stage: Stage, props: Partial<RegistryStackProps> = {}): RegistryStack {
  const app = registryApp(QUICK);
  const settings = settingsFor(stage, {});
  return new RegistryStack(app, settings.stackName, { settings, operations: Object.values(OPERATIONS), ...props });
}

/** Settings of a stage that sends mails, as `-c mailFrom=…` makes them. */
export function mailing(stage: Stage): Pick<RegistryStackProps, 'settings'> {
  return { settings: settingsFor(stage, {}, { mailFrom: 'signet@mail.example.com' }) };
}

/** The synthesised template of a stage. */
export function templateOf(stage: Stage, props: Partial<RegistryStackProps> = {}): Template {
  return Template.fromStack(stackOf(stage, props));
}

/** Resources of a type by logical id. */
export function resources(template: Template, type: string): [id: string, resource: Resource][] {
  return Object.entries(template.findResources(type) as Record<string, Resource>);
}

/** The one resource of a type whose logical id starts with `prefix`. */
export function resource(template: Template, type: string, prefix = ''): [id: string, resource: Resource] {
  const found = resources(template, type).filter(([id]) => id.startsWith(prefix));
  const [only] = found;
  if (!only || found.length > 1) {
    throw new Error(`${found.length} resources of type ${type} start with ${JSON.stringify(prefix)}.`);
  }
  return only;
}

/** A list as it is, and anything else as the list of itself: IAM writes lists of one without brackets. */
export function list(value: Json | undefined): Json[] {
  if (value === undefined) {
    return [];
  }
  return Array.isArray(value) ? value : [value];
}

/** A statement of a role's policy. */
export interface Statement {
  readonly actions: string[];
  readonly resources: Json[];
  readonly condition: Json | undefined;
  readonly effect: Json | undefined;
}

/** The statements of all policies of the role whose logical id starts with `prefix`. */
export function statementsOf(template: Template, prefix: string): Statement[] {
  return resources(template, 'AWS::IAM::Policy')
    .filter(([id]) => id.startsWith(prefix))
    .flatMap(([, { Properties }]) => list((Properties['PolicyDocument'] as Properties)['Statement']))
    .map((statement) => {
      const { Action, Resource, Condition, Effect } = statement as Properties;
      return { actions: list(Action) as string[], resources: list(Resource), condition: Condition, effect: Effect };
    });
}

/** A file of the project as text. */
export function projectFile(path: string): string {
  return readFileSync(join(__dirname, '..', '..', path), 'utf8');
}
