import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerMonitors } from '../../adapters/sagemaker/monitors';

const MONITOR = { kind: 'data_quality', name: 'signet-churn-data-1a2b3c' } as const;

/** A schedule that is pending for some looks, and gone once it was deleted after that: SageMaker refuses it before. */
function scheduled(pendingLooks: number) {
  const calls: string[] = [];
  let [looks, there] = [0, true];
  const refuse = (message: string) => {
    throw Object.assign(new Error(message), { name: 'ValidationException' });
  };
  const send = async (command: object) => {
    const call = command.constructor.name.replace('Command', '');
    calls.push(call);
    if (call === 'DescribeMonitoringSchedule') {
      if (!there) throw Object.assign(new Error('not found'), { name: 'ResourceNotFound' });
      return { MonitoringScheduleStatus: looks++ < pendingLooks ? 'Pending' : 'Scheduled' };
    }
    if (call === 'DeleteMonitoringSchedule') {
      if (looks <= pendingLooks) refuse('Monitoring schedule in status Pending');
      there = false;
    }
    return {};
  };
  return { monitors: new SageMakerMonitors({ send } as unknown as SageMakerClient), calls };
}

test('a schedule that is being made is deleted by who asks later, and its definition after it', async () => {
  const { monitors, calls } = scheduled(1);
  expect(await monitors.remove(MONITOR)).toBe(false);
  expect(await monitors.remove(MONITOR)).toBe(true);
  expect(calls.filter((call) => call.startsWith('Delete'))).toEqual([
    'DeleteMonitoringSchedule',
    'DeleteDataQualityJobDefinition',
  ]);
});

test('what is gone already is gone', async () => {
  const { monitors } = scheduled(0);
  expect(await monitors.remove(MONITOR)).toBe(true);
  expect(await monitors.remove(MONITOR)).toBe(true);
});
