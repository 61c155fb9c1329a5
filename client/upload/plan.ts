import { partSizeOf } from '../api';

/** A run of bytes of a file, both ends included; numbers start at 1. */
export interface Part {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** The parts of a file; none where it is empty. */
export function partsOf(size: number): Part[] {
  const partSize = partSizeOf(size);
  return Array.from({ length: Math.ceil(size / partSize) }, (_, index) => ({
    number: index + 1,
    start: index * partSize,
    end: Math.min((index + 1) * partSize, size) - 1,
  }));
}
