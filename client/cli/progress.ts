import type { Progress } from '../upload/upload';

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A number of bytes as people read it. */
export function size(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  const value = bytes / 1024 ** unit;
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** Tells of sending in lines, at each tenth of the way: a log shows them as well as a terminal. */
export function progressIn(tell: (text: string) => void): (progress: Progress) => void {
  let told = -1;
  return ({ step, done, total }) => {
    if (step !== 'sending' || total === 0) return;
    const tenths = Math.floor((10 * done) / total);
    if (tenths === told) return;
    told = tenths;
    tell(`sent ${size(done)} of ${size(total)} (${tenths * 10} %)`);
  };
}
