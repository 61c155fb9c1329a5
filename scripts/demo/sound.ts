const RATE = 16_000;

/** Frequency and bandwidth, in Hz, of what the mouth lets through for an open a. */
const FORMANTS = [
  [730, 90],
  [1_090, 110],
  [2_440, 170],
] as const;

/**
 * A spoken vowel, made of nothing: pulses as of vocal cords through the resonances of a mouth.
 * @param count samples at 16 kHz, from -0.5 to 0.5
 */
export function vowel(count: number): number[] {
  let phase = 0;
  let sound = Array.from({ length: count }, (_, index): number => {
    const time = index / RATE;
    phase += (130 * (1 + 0.03 * Math.sin(2 * Math.PI * 5 * time)) * (1 - 0.1 * time)) / RATE;
    if (phase < 1) return 0;
    phase -= 1;
    return 1;
  });
  for (const [frequency, bandwidth] of FORMANTS) sound = resonated(sound, frequency, bandwidth);
  const loudest = sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return sound.map((value) => (0.5 * value) / loudest);
}

function resonated(sound: readonly number[], frequency: number, bandwidth: number): number[] {
  const radius = Math.exp((-Math.PI * bandwidth) / RATE);
  const turn = 2 * radius * Math.cos((2 * Math.PI * frequency) / RATE);
  const out: number[] = [];
  for (const [index, value] of sound.entries()) {
    out.push(value + turn * (out[index - 1] ?? 0) - radius ** 2 * (out[index - 2] ?? 0));
  }
  return out;
}

/** Samples of one window that the detector listens to. */
export const WINDOW = 512;

/** A request of the Open Inference Protocol that asks the detector about one window, as if it had heard nothing before. */
export function aboutWindow(samples: readonly number[]) {
  return {
    inputs: [
      { name: 'input', datatype: 'FP32', shape: [1, WINDOW], data: samples },
      { name: 'state', datatype: 'FP32', shape: [2, 1, 128], data: Array<number>(256).fill(0) },
      { name: 'sr', datatype: 'INT64', shape: [], data: [RATE] },
    ],
    outputs: [{ name: 'output' }],
  };
}
