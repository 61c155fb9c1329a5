import type { Principal } from '../../domain/principal';
import type { Membership } from '../../domain/records';
import { includes, namesOf, type Subject } from '../../domain/subject';
import type { Page, Ports } from '../../ports';

/** Rows that are looked at for one subject: who has more places than these belongs in a group with a role on the workspace. */
const MOST = 1_000;
/** Subjects that are looked up at the same time. */
const AT_ONCE = 16;

/** Places where a caller has a role by a grant, in one workspace or everywhere. */
export async function membershipsOf(
  ports: Pick<Ports, 'store'>,
  principal: Principal,
  workspace?: string,
): Promise<Membership[]> {
  const subjects: readonly Subject[] =
    principal.kind === 'machine' ? [{ kind: 'iam', name: principal.id }] : namesOf(principal);
  const found: Membership[] = [];
  for (let start = 0; start < subjects.length; start += AT_ONCE) {
    const some = subjects.slice(start, start + AT_ONCE);
    found.push(...(await Promise.all(some.map((subject) => rowsOf(ports, subject, workspace)))).flat());
  }
  return found.filter(({ subject }) => includes(subject, principal));
}

async function rowsOf({ store }: Pick<Ports, 'store'>, of: Subject, workspace?: string): Promise<Membership[]> {
  const rows: Membership[] = [];
  let after: string | undefined;
  do {
    const page: Page<Membership> = await store.query<'membership'>(
      { kind: 'membership', of, ...(workspace !== undefined && { workspace }) },
      { limit: 100, order: 'ascending', ...(after !== undefined && { after }) },
    );
    rows.push(...page.items);
    after = page.next;
  } while (after !== undefined && rows.length < MOST);
  return rows;
}
