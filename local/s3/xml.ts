import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { S3Error } from './errors';

/** Content of an element: text, children, or several elements of the same name. `undefined` leaves the element out. */
export type XmlContent = string | number | boolean | undefined | XmlChildren | readonly XmlContent[];
export interface XmlChildren {
  readonly [element: string]: XmlContent;
}

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Writes an S3 answer: declaration, root in S3's namespace, children in the order of the object's keys. */
export function xmlDocument(root: string, content: XmlContent): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${render(content)}</${root}>`;
}

/** Writes an S3 error document, which carries no namespace. */
export function xmlError(content: XmlChildren): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${render(content)}</Error>`;
}

function render(content: XmlContent): string {
  if (content === undefined) return '';
  if (typeof content !== 'object') return escapeText(String(content));
  if (isList(content)) return content.map(render).join('');
  let out = '';
  for (const [name, value] of Object.entries(content)) {
    for (const one of isList(value) ? value : [value]) {
      if (one !== undefined) out += `<${name}>${render(one)}</${name}>`;
    }
  }
  return out;
}

function isList(content: XmlContent): content is readonly XmlContent[] {
  return Array.isArray(content);
}

// Control characters have no legal form in XML 1.0; S3 writes the reference anyway, which is why `encoding-type=url` exists.
function escapeText(text: string): string {
  return text.replace(/[&<>"\u0000-\u0008\u000b-\u001f]/g, (c) => {
    switch (c) {
      case '&':
        return '&amp;';
      case '<':
        return '&lt;';
      case '>':
        return '&gt;';
      case '"':
        return '&quot;';
      default:
        return `&#x${c.charCodeAt(0).toString(16)};`;
    }
  });
}

/** A parsed element: its text, or its children with one list per name. */
export type XmlElement = string | { readonly [name: string]: readonly XmlElement[] };

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  // Keys may begin and end with spaces.
  trimValues: false,
  // Off, carriage returns written as `&#xD;` by the SDKs would stay as they are.
  htmlEntities: true,
  removeNSPrefix: true,
  isArray: () => true,
});

/**
 * Reads the XML of a request.
 *
 * @param root the element the operation expects
 * @returns the root element
 * @throws S3Error MalformedXML when it is not XML, declares a document type, or has another root
 */
export function parseXml(text: string, root: string): XmlElement {
  // No S3 request has a document type; refusing it keeps entity definitions out.
  if (text.includes('<!DOCTYPE') || XMLValidator.validate(text) !== true) throw new S3Error('MalformedXML');
  let parsed: unknown;
  try {
    parsed = parser.parse(text);
  } catch (cause) {
    throw new S3Error('MalformedXML', { cause });
  }
  const element = children(parsed as XmlElement, root)[0];
  if (element === undefined) throw new S3Error('MalformedXML');
  return element;
}

/** The child elements of that name, none when the element is text. */
export function children(element: XmlElement, name: string): readonly XmlElement[] {
  return typeof element === 'string' ? [] : (element[name] ?? []);
}

/** Text of the only child of that name; `undefined` when it is missing. @throws S3Error MalformedXML when repeated or not text */
export function childText(element: XmlElement, name: string): string | undefined {
  const [first, second] = children(element, name);
  if (first === undefined) return undefined;
  if (second !== undefined || typeof first !== 'string') throw new S3Error('MalformedXML');
  return first;
}
