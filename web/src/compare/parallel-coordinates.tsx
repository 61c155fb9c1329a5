import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Version } from '../version/types';
import { type Axis, axesOf } from './axes';

const COLOURS = [
  '#688ae8',
  '#c33d69',
  '#2ea597',
  '#8456ce',
  '#e07941',
  '#3759ce',
  '#d56889',
  '#1d8102',
  '#a67bf0',
  '#b8860b',
];
/** So that versions beyond the colours are told apart too. */
const DASHES = ['', '6 4'];

const AXIS_PX = 130;
const HEIGHT_PX = 260;
const TOP_PX = 44;
const BOTTOM_PX = 28;

const NUMBER = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

/** Every measure as an axis, every version as a line across them. The tables below say the same in numbers. */
export default function ParallelCoordinates({ versions }: { versions: readonly Version[] }) {
  const axes = axesOf(versions);
  if (axes.length === 0) return <Box>At least two versions must have a metric or a number in common.</Box>;
  const width = axes.length * AXIS_PX;
  return (
    <SpaceBetween size="s">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <section className="signet-scroll" aria-label="Parallel coordinates" tabIndex={0}>
        <svg
          className="signet-parallel"
          width={width}
          height={HEIGHT_PX}
          viewBox={`0 0 ${width} ${HEIGHT_PX}`}
          role="img"
          aria-label={`${axes.map(({ name }) => name).join(', ')} of versions ${versions.map(({ version }) => version).join(', ')}`}
        >
          {axes.map((axis, index) => (
            <AxisLine key={`${axis.name} ${axis.lowest}`} axis={axis} x={xOf(index)} />
          ))}
          {versions.map(({ version }, row) => (
            <g key={version} stroke={colour(row)} fill={colour(row)} strokeDasharray={dash(row)}>
              <path d={pathOf(axes, row)} fill="none" strokeWidth={2} />
              {axes.map(({ name, places }, index) => {
                const place = places[row];
                return place === undefined ? null : <circle key={name} cx={xOf(index)} cy={yOf(place)} r={3.5} />;
              })}
              <title>Version {version}</title>
            </g>
          ))}
        </svg>
      </section>
      <SpaceBetween direction="horizontal" size="m">
        {versions.map(({ version }, row) => (
          <span key={version}>
            <svg width={22} height={10} aria-hidden="true">
              <path d="M 0 5 H 22" stroke={colour(row)} strokeWidth={3} strokeDasharray={dash(row)} />
            </svg>{' '}
            Version {version}
          </span>
        ))}
      </SpaceBetween>
    </SpaceBetween>
  );
}

function AxisLine({ axis: { name, lowest, highest }, x }: { axis: Axis; x: number }) {
  const shown = name.length > 17 ? `${name.slice(0, 16)}…` : name;
  return (
    <g className="signet-parallel-axis">
      <path d={`M ${x} ${TOP_PX} V ${HEIGHT_PX - BOTTOM_PX}`} />
      <text x={x} y={14} fontWeight="bold">
        {shown}
        <title>{name}</title>
      </text>
      <text x={x} y={TOP_PX - 10}>
        {NUMBER.format(highest)}
      </text>
      <text x={x} y={HEIGHT_PX - 8}>
        {NUMBER.format(lowest)}
      </text>
    </g>
  );
}

const xOf = (index: number) => index * AXIS_PX + AXIS_PX / 2;
const yOf = (place: number) => HEIGHT_PX - BOTTOM_PX - place * (HEIGHT_PX - BOTTOM_PX - TOP_PX);
const colour = (row: number) => COLOURS[row % COLOURS.length];
const dash = (row: number) => DASHES[Math.floor(row / COLOURS.length) % DASHES.length];

/** The line of a version; it is broken where the version has no value. */
function pathOf(axes: readonly Axis[], row: number): string {
  let isDrawing = false;
  return axes
    .map(({ places }, index) => {
      const place = places[row];
      const step = place === undefined ? '' : `${isDrawing ? 'L' : 'M'} ${xOf(index)} ${yOf(place)}`;
      isDrawing = place !== undefined;
      return step;
    })
    .join(' ');
}
