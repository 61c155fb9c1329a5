import { RemovalPolicy } from 'aws-cdk-lib';
import { MathExpression, type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type Attribute,
  AttributeType,
  BillingMode,
  type GlobalSecondaryIndexProps,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ENV, INDEXES, TABLE } from '../../contract/names';
import { ALARM_PERIOD, type Alarms } from './alarms';
import type { EncryptionKey } from './encryption-key';
import type { RegistryFunction } from './registry-function';

/** Props of {@link MetadataTable}. */
export interface MetadataTableProps {
  readonly key: EncryptionKey;
  /** Whether the table outlives the stack and refuses deletion. */
  readonly retainData: boolean;
  readonly alarms: Alarms;
}

/** No Scan: no operation reads a table from end to end. A transaction's reads are authorised as GetItem. */
const READ_ACTIONS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
/** Transactional writes are authorised by the action of each of their parts. */
const WRITE_ACTIONS = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'];
const STREAM_ACTIONS = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'];

/**
 * The single table of the registry, with its keys and indexes as the contract names them. On demand: idle it costs its
 * storage. Not TableV2: with a customer-managed key that cannot be synthesised for an unknown region.
 */
export class MetadataTable extends Construct {
  readonly table: Table;
  /** The stream of new items; the event publisher reads it. */
  readonly streamArn: string;
  private readonly key: EncryptionKey;

  constructor(scope: Construct, id: string, props: MetadataTableProps) {
    super(scope, id);
    this.key = props.key;
    this.table = new Table(this, 'Table', {
      partitionKey: stringAttribute(TABLE.partitionKey),
      sortKey: stringAttribute(TABLE.sortKey),
      timeToLiveAttribute: TABLE.expiry,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // Events are only ever inserted, so the new image is all there is to publish.
      stream: StreamViewType.NEW_IMAGE,
      deletionProtection: props.retainData,
      removalPolicy: props.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    for (const index of Object.values(INDEXES)) {
      this.table.addGlobalSecondaryIndex(globalIndex(index));
    }
    const { tableStreamArn } = this.table;
    if (!tableStreamArn) {
      throw new Error('The metadata table has no stream.');
    }
    this.streamArn = tableStreamArn;
    props.alarms.watch('TableThrottled', {
      meaning: 'DynamoDB throttles the metadata table: requests are slow, or fail after their retries.',
      runbook: 'table-throttled',
      metric: new MathExpression({
        label: 'throttled reads and writes',
        expression: 'reads + writes',
        usingMetrics: { reads: this.throttles('ReadThrottleEvents'), writes: this.throttles('WriteThrottleEvents') },
        period: ALARM_PERIOD,
      }),
      above: 0,
      // A burst may throttle a moment while a partition splits; retries absorb that.
      periods: 2,
    });
  }

  /** Lets the function read items, and tells it the table. */
  grantQuery(fn: RegistryFunction): void {
    fn.allow(new PolicyStatement({ actions: READ_ACTIONS, resources: this.readableArns() }));
    this.key.grantDecrypt(fn, 'dynamodb');
    fn.setEnvironment(ENV.table, this.table.tableName);
  }

  /** Lets the function read and write items, in transactions too, and tells it the table. */
  grantCommand(fn: RegistryFunction): void {
    fn.allow(new PolicyStatement({ actions: READ_ACTIONS, resources: this.readableArns() }));
    fn.allow(new PolicyStatement({ actions: WRITE_ACTIONS, resources: [this.table.tableArn] }));
    this.key.grantEncrypt(fn, 'dynamodb');
    fn.setEnvironment(ENV.table, this.table.tableName);
  }

  /** Lets the function follow the table's stream, read the part of an item that a row has no room for, and tells it the table. */
  grantStream(fn: RegistryFunction): void {
    fn.allow(new PolicyStatement({ actions: STREAM_ACTIONS, resources: [this.streamArn] }));
    fn.allow(new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [this.table.tableArn] }));
    this.key.grantDecrypt(fn, 'dynamodb');
    fn.setEnvironment(ENV.table, this.table.tableName);
  }

  /** Lets the function read items, write those of deliveries and no others, and tells it the table. It asks no index. */
  grantDeliveries(fn: RegistryFunction): void {
    const resources = [this.table.tableArn];
    fn.allow(new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:Query'], resources }));
    this.grantPartitions(fn, ['dynamodb:PutItem'], { StringLike: [`${TABLE.deliveryPartition}*`] });
  }

  /**
   * Lets the function read items and the list of digests that are due, write items of mails and of addresses that refuse them
   * and no others, and tells it the table.
   */
  grantMails(fn: RegistryFunction): void {
    const { tableArn } = this.table;
    fn.allow(new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [tableArn] }));
    const resources = [tableArn, `${tableArn}/index/${INDEXES.lists.name}`];
    fn.allow(new PolicyStatement({ actions: ['dynamodb:Query'], resources }));
    const partitions = [`${TABLE.mailPartition}*`, `${TABLE.suspensionPartition}*`];
    this.grantPartitions(fn, ['dynamodb:PutItem', 'dynamodb:DeleteItem'], { StringLike: partitions });
  }

  /**
   * Lets the function follow the table's stream, read heads, move on the head of the digests and write nothing else, and tells
   * it the table.
   */
  grantSealing(fn: RegistryFunction): void {
    this.grantStream(fn);
    this.grantPartitions(fn, ['dynamodb:PutItem'], { StringEquals: [TABLE.digestPartition] });
  }

  /** Lets the function write items of these partitions and no others: which one an item is in tells what it is. */
  private grantPartitions(
    fn: RegistryFunction,
    actions: string[],
    partitions: Partial<Record<'StringLike' | 'StringEquals', string[]>>,
  ): void {
    const keys = Object.entries(partitions).map(([operator, values]) => [
      `ForAllValues:${operator}`,
      { 'dynamodb:LeadingKeys': values },
    ]);
    fn.allow(
      new PolicyStatement({
        actions,
        resources: [this.table.tableArn],
        // A set that is not there would fulfil what is asked of all its values.
        conditions: { ...Object.fromEntries(keys), Null: { 'dynamodb:LeadingKeys': 'false' } },
      }),
    );
    this.key.grantEncrypt(fn, 'dynamodb');
    fn.setEnvironment(ENV.table, this.table.tableName);
  }

  /**
   * Lets the function read items, write those of search (postings, and notes of what is to be posted) and no others, and
   * tells it the table.
   */
  grantPostings(fn: RegistryFunction): void {
    fn.allow(new PolicyStatement({ actions: READ_ACTIONS, resources: this.readableArns() }));
    this.grantPartitions(fn, ['dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'], {
      StringLike: [`${TABLE.postingPartition}*`, `${TABLE.deskPartition}*`],
    });
  }

  /**
   * Lets the function find open transition requests by when their time is over, write what models hold and that requests are
   * open, and nothing else, and tells it the table.
   */
  grantExpiry(fn: RegistryFunction): void {
    const { tableArn } = this.table;
    const list = `${tableArn}/index/${INDEXES.lists.name}`;
    fn.allow(new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [tableArn] }));
    fn.allow(new PolicyStatement({ actions: ['dynamodb:Query'], resources: [list] }));
    const partitions = [`${TABLE.modelPartition}*`, `${TABLE.pendingPartition}*`];
    this.grantPartitions(fn, ['dynamodb:PutItem', 'dynamodb:DeleteItem'], { StringLike: partitions });
  }

  /**
   * Lets the function read items and the list of targets, and write those of models and of turns, no others, on the condition
   * that the policy of the workspace is still what it was judged by, and tells it the table.
   */
  grantDeploy(fn: RegistryFunction): void {
    const { tableArn } = this.table;
    const index = `${tableArn}/index/${INDEXES.lists.name}`;
    fn.allow(new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:Query'], resources: [tableArn, index] }));
    const { modelPartition, turnPartition, endpointPartition, workspacePartition } = TABLE;
    const partitions = [modelPartition, turnPartition, endpointPartition].map((partition) => `${partition}*`);
    this.grantPartitions(fn, ['dynamodb:PutItem', 'dynamodb:DeleteItem'], { StringLike: partitions });
    this.grantPartitions(fn, ['dynamodb:ConditionCheckItem'], { StringLike: [`${workspacePartition}*`] });
  }

  /** Lets the function read items by their keys, and tells it the table. */
  grantPack(fn: RegistryFunction): void {
    const actions = ['dynamodb:GetItem', 'dynamodb:Query'];
    fn.allow(new PolicyStatement({ actions, resources: [this.table.tableArn] }));
    this.key.grantDecrypt(fn, 'dynamodb');
    fn.setEnvironment(ENV.table, this.table.tableName);
  }

  /**
   * Lets the function read items, lists of one model's and of approvals that end too where it `lists`, write those of models,
   * with the notes that search reads, and no others, and tells it the table.
   */
  grantVersions(fn: RegistryFunction, lists: 'lists' | 'single' = 'single'): void {
    const { tableArn } = this.table;
    fn.allow(new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [tableArn] }));
    if (lists === 'lists') {
      const resources = [tableArn, `${tableArn}/index/${INDEXES.lists.name}`];
      fn.allow(new PolicyStatement({ actions: ['dynamodb:Query'], resources }));
    }
    const partitions = [`${TABLE.modelPartition}*`, `${TABLE.deskPartition}*`];
    this.grantPartitions(fn, ['dynamodb:PutItem'], { StringLike: partitions });
  }

  private throttles(metricName: string): Metric {
    return this.table.metric(metricName, { statistic: Stats.SUM, period: ALARM_PERIOD });
  }

  private readableArns(): string[] {
    const { tableArn } = this.table;
    return [tableArn, ...Object.values(INDEXES).map(({ name }) => `${tableArn}/index/${name}`)];
  }
}

function stringAttribute(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}

function globalIndex(index: (typeof INDEXES)[keyof typeof INDEXES]): GlobalSecondaryIndexProps {
  const keys = {
    indexName: index.name,
    partitionKey: stringAttribute(index.partitionKey),
    sortKey: stringAttribute(index.sortKey),
  };
  return index.projected === 'all'
    ? { ...keys, projectionType: ProjectionType.ALL }
    : { ...keys, projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...index.projected] };
}
