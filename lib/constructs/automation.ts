import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aws, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { EventQueue } from './event-queue';
import type { RegistryApi } from './registry-api';

/** Props of {@link Automation}. */
export interface AutomationProps {
  /** The API that the documents call, signed with their role. */
  readonly machines: RegistryApi;
  /** Queues whose messages can be handed back when they were put aside. */
  readonly queues: readonly EventQueue[];
}

interface Parameter {
  readonly type: 'String';
  readonly description: string;
  readonly default?: string;
  readonly allowedPattern?: string;
  readonly allowedValues?: readonly string[];
}

/** A call of the registry that a document makes. */
interface Deed {
  readonly description: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** Parts of the path after the workspace. */
  readonly path: readonly string[];
  /** Values that are empty are left out. */
  readonly body: Readonly<Record<string, string>>;
}

const parameter = (description: string, more: Partial<Parameter> = {}): Parameter => ({
  type: 'String',
  description,
  ...more,
});
const VERSION = { allowedPattern: '^[1-9][0-9]{0,8}$' };
const WORKSPACE = parameter('Workspace of the model.', { default: 'default', allowedPattern: '^[a-z0-9-]{1,63}$' });
const MODEL = parameter('Name of the registered model.', { allowedPattern: '^.{1,250}$' });
const STAGE = parameter('Stage, for example Production.', { allowedPattern: '^.{1,64}$' });
const REASON = parameter('Why: it stands in the audit, with the id of this execution.', {
  allowedPattern: '^.{1,1000}$',
});

const DEEDS: Readonly<Record<string, Deed>> = {
  ApproveVersion: {
    description: 'Approves or rejects a version of a registered model.',
    parameters: {
      Model: MODEL,
      Version: parameter('Number of the version.', VERSION),
      Decision: parameter('What becomes of the version.', { allowedValues: ['Approved', 'Rejected'] }),
      Reason: REASON,
    },
    path: ['models', '{{ Model }}', 'versions', '{{ Version }}', 'approval'],
    body: { status: '{{ Decision }}', reason: '{{ Reason }}' },
  },
  PromoteVersion: {
    description: 'Brings a version of a registered model into a stage, which deploys it where the stage has a target.',
    parameters: {
      Model: MODEL,
      Version: parameter('Number of the version.', VERSION),
      Stage: STAGE,
      Reason: REASON,
    },
    path: ['models', '{{ Model }}', 'versions', '{{ Version }}', 'transition'],
    body: { stage: '{{ Stage }}', reason: '{{ Reason }}' },
  },
  RollBack: {
    description: 'Brings the version back that served in a stage before, or the one that is named.',
    parameters: {
      Model: MODEL,
      Stage: STAGE,
      Version: parameter('Number of the version; empty: the one that served before.', {
        default: '',
        allowedPattern: '^([1-9][0-9]{0,8})?$',
      }),
      Reason: REASON,
    },
    path: ['models', '{{ Model }}', 'targets', '{{ Stage }}', 'rollback'],
    body: { version: '{{ Version }}', reason: '{{ Reason }}' },
  },
};

/** Routes that the documents' role may call; `*` stands for names. */
const ROUTES = Object.values(DEEDS).map(({ path }) =>
  ['w', '*', 'v1', ...path.map((part) => (part.startsWith('{{') ? '*' : part))].join('/'),
);

/**
 * Documents for people who work in the AWS console: Systems Manager shows a form for each, runs it, and keeps who ran it. What
 * they ask of the registry they ask with a role of their own, which may do there what grants and policies let it, and nothing
 * before somebody grants it a role. Queues are redriven with the rights of who starts it.
 */
export class Automation extends Construct {
  /** Caller of the registry in the documents. */
  readonly role: Role;

  constructor(scope: Construct, id: string, { machines, queues }: AutomationProps) {
    super(scope, id);
    this.role = this.makeRole(machines);
    const script = readFileSync(join(__dirname, '..', 'automation', 'call.py'), 'utf8');
    for (const [name, deed] of Object.entries(DEEDS)) this.document(name, this.calling(deed, machines, script));
    this.document('RedriveQueue', redriving(queues));
  }

  private makeRole(machines: RegistryApi): Role {
    const role = new Role(this, 'Role', {
      description: 'Calls the model registry in documents of Systems Manager',
      assumedBy: new ServicePrincipal('ssm.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: {
            'aws:SourceArn': `arn:${Aws.PARTITION}:ssm:${Aws.REGION}:${Aws.ACCOUNT_ID}:automation-execution/*`,
          },
        },
      }),
    });
    const resources = ROUTES.map((route) => machines.arnOf('POST', route));
    role.addToPolicy(new PolicyStatement({ actions: ['execute-api:Invoke'], resources }));
    for (const route of ROUTES) {
      const { Ref: api } = Stack.of(this).resolve(machines.id) as { Ref: string };
      const flat = `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${api}>/$default/POST/${route}`;
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${flat}]`,
        reason:
          'Names of workspaces, models and versions: which of them the role may change is granted in the registry.',
      });
    }
    return role;
  }

  private calling({ description, parameters, path, body }: Deed, machines: RegistryApi, script: string): object {
    return {
      schemaVersion: '0.3',
      description,
      assumeRole: this.role.roleArn,
      parameters: { Workspace: WORKSPACE, ...parameters },
      mainSteps: [
        {
          name: 'call',
          action: 'aws:executeScript',
          timeoutSeconds: 120,
          isEnd: true,
          inputs: {
            Runtime: 'python3.11',
            Handler: 'call',
            InputPayload: {
              api: machines.url,
              region: '{{ global:REGION }}',
              execution: '{{ automation:EXECUTION_ID }}',
              workspace: '{{ Workspace }}',
              path,
              body,
            },
            Script: script,
          },
          outputs: [{ Name: 'answer', Selector: '$.Payload.answer', Type: 'String' }],
        },
      ],
      outputs: ['call.answer'],
    };
  }

  private document(name: string, content: object): void {
    new CfnDocument(this, name, {
      name: `${Stack.of(this).stackName}-${name}`,
      documentType: 'Automation',
      documentFormat: 'JSON',
      updateMethod: 'NewVersion',
      content,
    });
  }
}

/**
 * A document that hands messages back to the queue which they were put aside from. That is named, for what a rule put aside
 * comes from no queue.
 */
function redriving(queues: readonly EventQueue[]): object {
  const named = queues.map(({ node, queue, failed }) => ({ name: node.id, queue, failed }));
  return {
    schemaVersion: '0.3',
    description: 'Hands the messages of a queue of failures back to the queue whose messages they are.',
    parameters: {
      Queue: parameter('Whose messages.', { allowedValues: named.map(({ name }) => name) }),
    },
    mainSteps: [
      {
        name: 'choose',
        action: 'aws:branch',
        inputs: {
          Choices: named.map(({ name }) => ({
            NextStep: `redrive${name}`,
            Variable: '{{ Queue }}',
            StringEquals: name,
          })),
        },
      },
      ...named.map(({ name, queue, failed }) => ({
        name: `redrive${name}`,
        action: 'aws:executeAwsApi',
        isEnd: true,
        inputs: {
          Service: 'sqs',
          Api: 'StartMessageMoveTask',
          SourceArn: failed.queueArn,
          DestinationArn: queue.queueArn,
        },
      })),
    ],
  };
}
