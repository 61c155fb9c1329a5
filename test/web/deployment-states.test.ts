import { isBeginOpen, isEndOpen, type ModelEvent, statesAmong } from '../../web/src/deployments/deployment-states';

const event = (sequence: number, type: string, deployment = 'mine') => ({ sequence, type, deployment }) as ModelEvent;

const OPEN = { pages: 1, hasNextPage: true };

test('states are told once and in their order, whichever end they were read from, and those of others are not', () => {
  const begin = [
    event(3, 'deployment.requested'),
    event(4, 'model.updated'),
    event(5, 'deployment.in_service', 'another'),
    event(6, 'deployment.creating'),
  ];
  const end = [event(900, 'deployment.superseded'), event(6, 'deployment.creating')];
  expect(statesAmong([...begin, ...end], 'mine').map(({ sequence }) => sequence)).toEqual([3, 6, 900]);
});

test('reading goes on from the beginning until the deployment had come to something', () => {
  const requested = event(1, 'deployment.requested');
  expect(isBeginOpen([requested], OPEN)).toBe(true);
  expect(isBeginOpen([requested, event(2, 'deployment.in_service')], OPEN)).toBe(false);
});

test('reading goes on from the end until the state that it is in is told', () => {
  expect(isEndOpen([event(8, 'deployment.removing')], { state: 'deleted' }, OPEN)).toBe(true);
  expect(isEndOpen([event(9, 'deployment.deleted')], { state: 'deleted' }, OPEN)).toBe(false);
});

test('reading ends where there is nothing more, and after ten pages', () => {
  for (const reading of [
    { pages: 1, hasNextPage: false },
    { pages: 10, hasNextPage: true },
  ]) {
    expect(isBeginOpen([], reading)).toBe(false);
    expect(isEndOpen([], { state: 'failed' }, reading)).toBe(false);
  }
});
