/** So long after a change lists are read as they are that very moment, not as their indexes were a moment ago. */
const LATELY_MS = 10_000;

let changedAt = Number.NEGATIVE_INFINITY;

/** Notes that this page has just changed something. */
export function noteChange(): void {
  changedAt = performance.now();
}

/** Whether this page changed something a moment ago. */
export function changedLately(): boolean {
  return performance.now() - changedAt < LATELY_MS;
}
