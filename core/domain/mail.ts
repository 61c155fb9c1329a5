import { escapeHtml, shown } from './mail-text';
import type { Fact, Story } from './story';

/** A mail as it is sent. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Address that ends the mails by a POST, as RFC 8058 says. */
  readonly unsubscribe: string;
}

/** Where mails lead to. */
export interface Links {
  /** Base URL of the API for people, ending with `/`. */
  readonly api: string;
  /** Base URL of the console, ending with `/`. */
  readonly console: string;
}

/** What every mail says of the subscription that it is sent for. */
export interface Footing {
  readonly to: string;
  /** Why it comes: `Changes of model churn in workspace default`. */
  readonly why: string;
  readonly unsubscribe: string;
}

/** Longest subject, in characters. */
const SUBJECT = 180;
const PREFIX = '[signet] ';

/** A part of a mail, in both of its forms. */
type Part = { readonly text: string; readonly html: string };

const STYLE = 'font-family:system-ui,sans-serif;font-size:14px;line-height:1.5;color:#1a1a1a';
const CELL = 'padding:2px 12px 2px 0;vertical-align:top';

function paragraph(text: string): Part {
  return { text, html: `<p>${escapeHtml(text)}</p>` };
}

function heading(text: string): Part {
  return { text, html: `<h1 style="font-size:18px">${escapeHtml(text)}</h1>` };
}

/** A link that shows where it leads. */
function link(label: string, url: string): Part {
  const shownUrl = escapeHtml(url);
  return { text: `${label}: ${url}`, html: `<p>${escapeHtml(label)}: <a href="${shownUrl}">${shownUrl}</a></p>` };
}

function table(rows: readonly (readonly [label: string, value: string])[]): Part {
  const width = Math.min(24, Math.max(0, ...rows.map(([label]) => label.length)));
  return {
    text: rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`).join('\n'),
    html: `<table>${rows.map(([label, value]) => `<tr><td style="${CELL};color:#555">${escapeHtml(label)}</td><td style="${CELL}">${escapeHtml(value)}</td></tr>`).join('')}</table>`,
  };
}

function changeOf({ previous, current }: Fact): string {
  if (previous === undefined) return current ?? '';
  return current === undefined ? `${previous} → (removed)` : `${previous} → ${current}`;
}

function minute(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

/** Names that are no text, which no model has, still make a link; to nothing. */
function pathOf(parts: readonly string[]): string {
  return parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/');
}

/** Address of what a story is about in the console: `workspaces/default/models/churn/versions/4`. */
function placeOf({ workspace, model, version }: Story): string {
  const parts = [
    'workspaces',
    workspace,
    ...(model === undefined ? [] : ['models', model]),
    ...(version === undefined ? [] : ['versions', String(version)]),
  ];
  return pathOf(parts);
}

/** Address in the API of the event itself, or of the workspace's events. */
function eventOf({ workspace, model, sequence }: Story): string {
  const parts = [
    'w',
    workspace,
    'v1',
    ...(model === undefined ? ['events'] : ['models', model, 'events', String(sequence)]),
  ];
  return pathOf(parts);
}

function mailOf(subject: string, parts: readonly Part[], { to, why, unsubscribe }: Footing): Mail {
  const foot = [paragraph(`${why}, to ${to}.`), link('Stop these mails', unsubscribe)];
  const body = parts.map(({ html }) => html).join('\n');
  const small = foot.map(({ html }) => html).join('\n');
  return {
    to,
    subject: PREFIX + shown(subject, SUBJECT - PREFIX.length),
    text: `${parts.map(({ text }) => text).join('\n\n')}\n\n-- \n${foot.map(({ text }) => text).join('\n')}\n`,
    html: `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Signet</title></head>\n<body style="${STYLE}">\n${body}\n<hr>\n<div style="color:#555;font-size:12px">\n${small}\n</div>\n</body></html>\n`,
    unsubscribe,
  };
}

/** The mail that tells one change. */
export function changeMail(story: Story, links: Links, footing: Footing): Mail {
  const { headline, by, at, reason, facts, more } = story;
  return mailOf(
    `${headline} by ${by}`,
    [
      heading(headline),
      table([['By', by], ['When', minute(at)], ...(reason === undefined ? [] : [['Reason', reason] as const])]),
      ...(facts.length > 0 ? [table(facts.map((fact) => [fact.label, changeOf(fact)]))] : []),
      ...(more ? [paragraph('More has changed than fits here.')] : []),
      link('Console', links.console + placeOf(story)),
      link('Event', links.api + eventOf(story)),
    ],
    footing,
  );
}

/** The mail that tells several changes, the oldest first. */
export function digestMail(stories: readonly Story[], count: number, links: Links, footing: Footing): Mail {
  const [first] = stories;
  const places = [...new Set(stories.map(({ model, workspace }) => shown(model ?? workspace, 60)))];
  const rest = count - stories.length;
  const changes = count === 1 ? '1 change' : `${count} changes`;
  return mailOf(
    `${changes}: ${places.slice(0, 5).join(', ')}${places.length > 5 ? ' …' : ''}`,
    [
      heading(changes),
      ...stories.map((story) => {
        const { headline, by, at, reason } = story;
        const url = links.console + placeOf(story);
        const said = `${headline}\n  ${minute(at)} by ${by}${reason === undefined ? '' : `: ${reason}`}`;
        const html = escapeHtml(said).replace('\n', '<br>');
        const target = escapeHtml(url);
        return { text: `${said}\n  ${url}`, html: `<p>${html}<br><a href="${target}">${target}</a></p>` };
      }),
      ...(rest > 0 ? [paragraph(`… and ${rest} more.`)] : []),
      ...(first && rest > 0
        ? [link('All of them', `${links.api}w/${encodeURIComponent(first.workspace)}/v1/events`)]
        : []),
    ],
    footing,
  );
}

/** The mail that asks whether an address wants the others. */
export function confirmationMail(
  { by, workspace, model, url }: { by: string; workspace: string; model?: string | undefined; url: string },
  footing: Footing,
): Mail {
  const what = model === undefined ? 'changes' : `changes of model ${shown(model, 100)}`;
  return mailOf(
    `Confirm mails about ${what} in ${workspace}`,
    [
      heading('Do you want these mails?'),
      paragraph(
        `${shown(by, 100)} asked that ${footing.to} gets mails about ${what} in workspace ${workspace} of a model registry.`,
      ),
      link('Yes: confirm within 7 days', url),
      paragraph('Without a confirmation nothing more is sent.'),
    ],
    footing,
  );
}
