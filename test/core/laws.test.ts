import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { openCursor, sealCursor } from '../../adapters/cursor';
import { type ArtifactFile, checkUri, manifestText } from '../../core/domain/artifact';
import { append, differenceBetween, eventHash } from '../../core/domain/event';
import { canonicalJson, type Json, sameJson, utf8Length } from '../../core/domain/json';
import { EMPTY_HEAD } from '../../core/domain/model';
import { checkAlias, checkArtifactPath, checkKey, checkModelName } from '../../core/domain/names';
import { checkStageScheme, DEFAULT_STAGES } from '../../core/domain/stages';
import { applyMapPatch } from '../../core/use-cases/patch';
import { parseJson } from '../../lambdas/http/json-body';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const KEYS = fc
  .oneof(fc.string({ maxLength: 3 }), fc.constantFrom('constructor', 'toString', 'a', 'b', 'valueOf'))
  .filter((key) => key !== '__proto__');
const json = fc
  .jsonValue({ noUnicodeString: false } as never)
  .map((value) => JSON.parse(JSON.stringify(value)) as Json);
const map = fc.dictionary(KEYS, json, { noNullPrototype: true });
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());

test('canonical JSON is the same value, and the same text whatever the order of the fields', () => {
  fc.assert(
    fc.property(map, (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(value);
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(turned)).toBe(canonicalJson(value));
      expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
    }),
  );
});

test('the length of a text is that of its UTF-8', () => {
  fc.assert(fc.property(anyText, (text) => expect(utf8Length(text)).toBe(Buffer.byteLength(text))));
});

test('a body is read as JSON reads it, or refused', () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = JSON.stringify(value);
      let read: unknown;
      try {
        read = parseJson(text);
      } catch (error) {
        expect((error as { code: string }).code).toMatch(/malformed_json|invalid_input/);
        return;
      }
      expect(read).toEqual(value);
    }),
  );
});

test('a cursor opens to what was sealed, under its scope and secret alone, and not when a character differs', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.nat(), (secret, scope, position, at) => {
      const cursor = sealCursor(secret, scope, position);
      expect(openCursor(secret, scope, cursor)).toBe(position);
      expect(() => openCursor(secret, `${scope}x`, cursor)).toThrow();
      expect(() => openCursor(`${secret}x`, scope, cursor)).toThrow();
      const index = at % cursor.length;
      const changed = `${cursor.slice(0, index)}${cursor[index] === 'A' ? 'B' : 'A'}${cursor.slice(index + 1)}`;
      expect(() => openCursor(secret, scope, changed)).toThrow();
    }),
  );
});

test('a patch applied twice is a patch applied once', () => {
  fc.assert(
    fc.property(map, map, (before, patch) => {
      const once = applyMapPatch(before, patch);
      expect(applyMapPatch(once, patch)).toEqual(once);
      for (const [key, value] of Object.entries(patch)) {
        expect(Object.hasOwn(once, key) ? once[key] : null).toEqual(value);
      }
    }),
  );
});

test('what an event says of before and after leads from one to the other and back', () => {
  const state = fc.record({ description: json, tags: map }, { requiredKeys: ['tags'], noNullPrototype: true });
  type State = { description?: Json; tags: Record<string, Json> };
  const follow = (from: State, changed: readonly string[], values: Readonly<Record<string, Json>>): State => {
    const to: State = { ...from, tags: { ...from.tags } };
    for (const path of changed) {
      const [holder, key] = path === 'description' ? [to, 'description'] : [to.tags, path.slice('tags.'.length)];
      if (Object.hasOwn(values, path)) (holder as Record<string, Json>)[key as string] = values[path] as Json;
      else delete (holder as Record<string, Json>)[key as string];
    }
    return to;
  };
  fc.assert(
    fc.property(state, state, (before, after) => {
      const { changed, previous, current } = differenceBetween(before, after, ['description', 'tags'], ['tags']);
      expect(sameJson(follow(before as State, changed, current), after)).toBe(true);
      expect(sameJson(follow(after as State, changed, previous), before)).toBe(true);
      expect(differenceBetween(before, before, ['description', 'tags'], ['tags']).changed).toEqual([]);
    }),
  );
});

test('the chain of hashes shows any change of any event', () => {
  let ids = 0;
  const setting = {
    workspace: 'w',
    model: { id: 'm', name: 'vad' },
    actor: { id: 'ada', kind: 'person', name: 'ada' } as const,
    requestId: 'r',
    now: new Date(0),
    newId: () => String(ids++),
    sha256,
  };
  fc.assert(
    fc.property(fc.array(map, { minLength: 1, maxLength: 5 }), fc.nat(), json, (changes, at, value) => {
      const drafts = changes.map((current) => ({ type: 'model.updated' as const, changed: [], previous: {}, current }));
      const { events, head } = append(EMPTY_HEAD, drafts, setting);
      let previousHash = '';
      for (const { hash, ...rest } of events) {
        expect(rest.previousHash).toBe(previousHash);
        expect(eventHash(rest, sha256)).toBe(hash);
        previousHash = hash;
      }
      expect(head.hash).toBe(previousHash);
      const { hash, ...victim } = events[at % events.length] as (typeof events)[number];
      const forged = { ...victim, current: { ...victim.current, forged: value } };
      if (!sameJson(forged, victim)) expect(eventHash(forged, sha256)).not.toBe(hash);
    }),
  );
});

test('the digest of files is that of the set, and of no other', () => {
  const file = fc
    .record({ path: fc.string(), size: fc.nat(), sha256: fc.constantFrom('a', 'b') })
    .map((fields): ArtifactFile => ({ kind: 'stored', objectKey: 'k', ...fields }));
  const files = fc.uniqueArray(file, { selector: ({ path }) => path, minLength: 1 });
  fc.assert(
    fc.property(files, files, (one, other) => {
      expect(manifestText([...one].reverse())).toBe(manifestText(one));
      const as = (list: readonly ArtifactFile[]) =>
        list.map(({ path, size, sha256: digest }) => canonicalJson([path, size, digest])).sort();
      expect(manifestText(one) === manifestText(other)).toBe(sameJson(as(one), as(other)));
    }),
  );
});

test('the rules of names refuse with a rule or leave a name as it is, and never two that look alike', () => {
  const rules = [checkModelName, checkAlias, checkKey, checkArtifactPath, checkUri];
  const seen = new Map<string, string>();
  fc.assert(
    fc.property(
      fc.oneof(anyText, fc.string({ unit: fc.constantFrom('a', '\u0430', '\uff41', ' ', '\u200b', '.', '/') })),
      (name) => {
        for (const rule of rules) {
          try {
            expect(rule(name, 'field')).toBe(name);
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid_input', violations: [{ field: 'field', value: name }] });
            continue;
          }
          expect(name).toBe(name.normalize('NFC'));
          if (rule !== checkModelName) continue;
          expect(name).toBe(name.trim());
          const looks = name
            .normalize('NFKC')
            .replaceAll('\u0430', 'a')
            .replace(/\p{Cf}/gu, '');
          if (/^[\u0430]+$/.test(name.replace(/[. ]/g, ''))) continue; // a word of one script is that script's word
          expect(seen.get(looks) ?? name).toBe(name);
          if (/^[\x20-\x7e\u0430\uff41\u200b]*$/.test(name)) seen.set(looks, name);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a scheme is taken only when its moves are between its own stages', () => {
  const name = fc.constantFrom('None', 'Archived', 'A', 'B', 'a', 'none');
  const scheme = fc.record({
    stages: fc.array(fc.record({ name, exclusive: fc.boolean(), requiresApproval: fc.boolean() }), { maxLength: 5 }),
    transitions: fc.array(fc.record({ from: name, to: name }), { maxLength: 4 }),
  });
  expect(checkStageScheme(DEFAULT_STAGES, 'stages')).toBe(DEFAULT_STAGES);
  const base = [
    { name: 'None', exclusive: false, requiresApproval: false },
    { name: 'Archived', exclusive: false, requiresApproval: false },
  ];
  fc.assert(
    fc.property(scheme, fc.boolean(), (random, whole) => {
      const candidate = whole ? { ...random, stages: [...base, ...random.stages] } : random;
      const names = candidate.stages.map((stage) => stage.name);
      const lower = new Set(names.map((stage) => stage.toLowerCase()));
      const moves = new Set(candidate.transitions.map(({ from, to }) => `${from}>${to}`));
      const open = candidate.stages.every(
        (stage) => !/^(None|Archived)$/.test(stage.name) || (!stage.exclusive && !stage.requiresApproval),
      );
      const sound =
        lower.size === names.length &&
        names.includes('None') &&
        names.includes('Archived') &&
        open &&
        moves.size === candidate.transitions.length &&
        candidate.transitions.every(({ from, to }) => from !== to && names.includes(from) && names.includes(to));
      if (sound) expect(checkStageScheme(candidate, 'stages')).toBe(candidate);
      else expect(() => checkStageScheme(candidate, 'stages')).toThrow(/stages/);
    }),
  );
});
