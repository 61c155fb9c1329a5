import { invalid } from './errors';
import { characters, utf8Length } from './json';
import { LIMITS } from './limits';

/** Control characters, lone surrogates, and characters that show nothing or reorder what is shown. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/u;

/** Cyrillic and Greek letters that look exactly like a Latin one (Unicode Technical Standard 39, confusables). */
const LATIN_LOOK_ALIKES = /[АВЕКМНОРСТУХЅІЈԌаеорсухѕіјһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧονϲϳ]/u;
const LATIN = /\p{Script=Latin}/u;

/**
 * Refuses texts that a reader could take for another text: unseen characters, other forms of the same characters, and
 * words in which other letters pass for Latin ones.
 */
function checkReadable(text: string, field: string): void {
  if (UNSEEN.test(text)) throw invalid(field, text, 'no control, invisible or unpaired characters');
  if (text !== text.normalize('NFC')) throw invalid(field, text, 'in Unicode normalisation form C');
  if ((text.match(/[\p{L}\p{M}]+/gu) ?? []).some(isMixed)) throw invalid(field, text, UNMIXED);
}

const UNMIXED = 'no Cyrillic or Greek letters that look like Latin ones beside Latin letters';

function isMixed(text: string): boolean {
  return LATIN.test(text) && LATIN_LOOK_ALIKES.test(text);
}

/** Whether a character is another form of ASCII ones: full-width, mathematical, superscript, a ligature. */
function isOtherForm(character: string): boolean {
  return character > '~' && /^[ -~]+$/.test(character.normalize('NFKC'));
}

/** Refuses names that callers resolve and that could pass for another: those read as a whole, and told apart by eye. */
function checkDistinct(name: string, field: string): void {
  checkReadable(name, field);
  if (name !== name.trim() || /[^\S ]/.test(name)) {
    throw invalid(field, name, 'no white space but U+0020, and none at either end');
  }
  if ([...name].some(isOtherForm)) {
    throw invalid(field, name, 'no full-width, mathematical or other forms of plain letters, digits and signs');
  }
  if (isMixed(name)) throw invalid(field, name, UNMIXED);
}

/**
 * Rule for the name of a registered model, the one of MLflow with what it leaves open closed: 1 to 256 characters,
 * neither `/` nor `:`, no `?` (API Gateway cuts decoded paths there, so the name would address another model), no name
 * that a file system would resolve to another, nothing unseen, no white space at the ends, and no letter that passes
 * for a Latin one among Latin letters.
 * @throws RegistryError invalid_input
 */
export function checkModelName(name: string, field: string): string {
  if (name.trim() === '') throw invalid(field, name, `1 to ${LIMITS.modelName} characters, not only blanks`);
  if (characters(name) > LIMITS.modelName) throw invalid(field, name, `at most ${LIMITS.modelName} characters`);
  if (/[/:?]/.test(name)) throw invalid(field, name, "neither '/', ':' nor '?'");
  if (name === '.' || name.startsWith('..')) throw invalid(field, name, "not '.' and not starting with '..'");
  checkDistinct(name, field);
  return name;
}

/**
 * Rule for the name of a workspace: it stands in paths and keys, so 1 to 63 of `a-z`, `0-9` and inner `-`.
 * @throws RegistryError invalid_input
 */
export function checkWorkspaceName(name: string, field: string): string {
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) || name.length > LIMITS.workspaceName) {
    throw invalid(
      field,
      name,
      `1 to ${LIMITS.workspaceName} of a-z, 0-9 and '-', starting and ending with a letter or digit`,
    );
  }
  return name;
}

/**
 * Rule for an alias, as in MLflow: letters, digits, `_` and `-` of any script, at most 255, and neither `latest` nor the
 * form of a version (`v12`), which name versions by themselves.
 * @throws RegistryError invalid_input
 */
export function checkAlias(alias: string, field: string): string {
  if (!/^[\p{L}\p{M}\p{N}_-]+$/u.test(alias)) throw invalid(field, alias, "letters, digits, '_' and '-'");
  if (characters(alias) > LIMITS.alias) throw invalid(field, alias, `at most ${LIMITS.alias} characters`);
  if (/^latest$/i.test(alias)) throw invalid(field, alias, "not 'latest', which always means the highest version");
  if (/^v\d+$/i.test(alias)) throw invalid(field, alias, "not the form of a version number, such as 'v12'");
  checkDistinct(alias, field);
  return alias;
}

/**
 * Rule for the key of a tag, a metric, a hyper-parameter or a metadata field, as in MLflow: 1 to 250 letters, digits,
 * `_ . - : /` and blanks, and nothing that a file system would resolve to another key.
 * @throws RegistryError invalid_input
 */
export function checkKey(key: string, field: string): string {
  if (!/^[/\p{L}\p{M}\p{N}_.\- :]+$/u.test(key) || key.trim() === '') {
    throw invalid(field, key, "letters, digits, '_', '.', '-', ':', '/' and blanks");
  }
  if (characters(key) > LIMITS.tagKey) throw invalid(field, key, `at most ${LIMITS.tagKey} characters`);
  if (key.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw invalid(field, key, "no empty, '.' or '..' part between slashes");
  }
  if (key === '__proto__') throw invalid(field, key, "not '__proto__'");
  checkReadable(key, field);
  return key;
}

/**
 * Rule for the name of a stage: 1 to 64 letters, digits, blanks, `_` and `-`, starting with a letter.
 * @throws RegistryError invalid_input
 */
export function checkStageName(name: string, field: string): string {
  if (!/^[A-Za-z][A-Za-z0-9 _-]*$/.test(name) || name.endsWith(' ') || name.length > LIMITS.stageName) {
    throw invalid(field, name, `1 to ${LIMITS.stageName} of a-z, A-Z, 0-9, ' ', '_', '-', starting with a letter`);
  }
  return name;
}

/**
 * Rule for the path of an artifact inside its version: relative, `/` between segments, no segment that climbs or
 * vanishes, also not where a file system drops blanks and dots at its end or a tool decodes it once more, at most 900
 * bytes of UTF-8.
 * @throws RegistryError invalid_input
 */
export function checkArtifactPath(path: string, field: string): string {
  if (path === '') throw invalid(field, path, 'not empty');
  if (utf8Length(path) > LIMITS.artifactPath)
    throw invalid(field, path, `at most ${LIMITS.artifactPath} bytes of UTF-8`);
  if (path.includes('\\')) throw invalid(field, path, "'/' between segments, no backslash");
  if (/^[A-Za-z]:/.test(path)) throw invalid(field, path, 'relative, without a drive letter');
  if (path.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw invalid(field, path, "relative, without empty, '.' or '..' segments");
  }
  if (path.split('/').some((segment) => segment !== segment.trim() || segment.endsWith('.'))) {
    throw invalid(field, path, 'no segment that starts with white space or ends with it or with a dot');
  }
  if (/%(25)*(2e|2f|5c)/i.test(path)) throw invalid(field, path, "no percent-encoded '.', '/' or backslash");
  checkReadable(path, field);
  return path;
}
