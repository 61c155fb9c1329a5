import { readFileSync } from 'node:fs';
import { RIGHTS, RIGHTS_OF, ROLES } from '../../core/domain/access';

test('the table in docs/security.md is the matrix', () => {
  const rows = readFileSync('docs/security.md', 'utf8').matchAll(/^\| `(\w+)`: [^|]+ \|(.*)\|$/gm);
  const told = [...rows].map(([, right, cells = '']) => [right, cells.split('|').map((cell) => cell.trim() === 'x')]);
  expect(told).toEqual(RIGHTS.map((right) => [right, ROLES.map((role) => RIGHTS_OF[role].has(right))]));
});
