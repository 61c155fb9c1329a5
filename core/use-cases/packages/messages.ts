import type { PackageNews } from '../../domain/package-approval';
import { isIn, type PackagePorts } from './ports';
import { recordPackage } from './record';

/** An event of SageMaker about a model package, as EventBridge delivers it. */
export interface PackageMessage {
  readonly id: string;
  readonly time: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** How long after an event SageMaker may still describe what was before it. */
const SETTLES = 10 * 60_000;

/** Takes in the package that an event is about, for each model that its group stands for. */
export function handlePackageMessage(ports: PackagePorts): (message: PackageMessage) => Promise<void> {
  return async ({ id, time, detail }) => {
    const arn = detail['ModelPackageArn'];
    if (typeof arn !== 'string') return;
    const status = detail['ModelPackageStatus'];
    const isRecent = ports.clock().getTime() - Date.parse(time) < SETTLES;
    const told = { arn, event: id, isRecent, news: newsIn(detail), ...(typeof status === 'string' && { status }) };
    for (const group of ports.groups.filter((one) => isIn(one.group, arn))) await recordPackage(ports, group, told);
  };
}

function newsIn(detail: PackageMessage['detail']): PackageNews {
  const { UpdatedModelPackageFields: fields, LastModifiedTime: modified, CreationTime: created } = detail;
  const lastModified = timeOf(modified) ?? timeOf(created);
  return {
    ...(Array.isArray(fields) && { fields: fields.filter((field): field is string => typeof field === 'string') }),
    ...(lastModified !== undefined && { lastModified }),
  };
}

/** Events have times as texts, and as milliseconds since 1970. */
function timeOf(value: unknown): string | undefined {
  const time = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof time !== 'string' && typeof time !== 'number') return undefined;
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
