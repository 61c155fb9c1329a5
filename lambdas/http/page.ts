import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Outline } from '../../contract/operation';
import { OUTLINES } from '../../contract/outlines';
import { escapeHtml } from '../../core/domain/mail-text';
import type { MailPage } from '../../core/use-cases';
import { headerOf } from './input';

/** Headers of a page with which nothing can be done but what its own button does. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Writes a page; its button sends a POST to the address that it was fetched from. */
function htmlOf({ title, text, button }: MailPage): string {
  const form = button === undefined ? '' : `\n<form method="post"><button>${escapeHtml(button)}</button></form>`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title></head>
<body>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>${form}
</body>
</html>
`;
}

/** An answer that is a page. */
export function pageAnswer(status: number, page: MailPage): APIGatewayProxyStructuredResultV2 {
  const body = htmlOf(page);
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  return { statusCode: status, headers: { ...HEADERS, etag }, body };
}

const PAGES: ReadonlySet<string> = new Set(
  Object.values<Outline>(OUTLINES).flatMap(({ page, path }) => (page ? [path] : [])),
);

/** Whether a person looks at the answer: a browser asks for one of the pages. */
export function wantsPage(event: APIGatewayProxyEventV2): boolean {
  return PAGES.has(event.rawPath) && /\btext\/html\b/.test(headerOf(event, 'accept') ?? '');
}
