import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Client } from '../../client/api';
import { type Local, startLocal } from '../../local';
import { chromiumPath } from '../../scripts/console/browser';
import { clientAs } from '../../scripts/console/seed';

const executablePath = chromiumPath();
if (!executablePath)
  console.warn('No browser is installed here (SIGNET_BROWSER names one): the console is not driven.');

/** Tests that need a browser; without one they are skipped, which the warning above tells. */
export const withBrowser = executablePath ? describe : describe.skip;

/** The console on the real local run, in a real browser. */
export class ConsoleRun {
  /** Errors that pages told of, apart from refused requests, which the console shows by itself. */
  readonly errors: string[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'signet-web-'));
  private readonly contexts: BrowserContext[] = [];

  private constructor(
    readonly local: Local,
    private readonly browser: Browser,
  ) {}

  /** Starts the registry and the browser. */
  static async start(): Promise<ConsoleRun> {
    const data = mkdtempSync(join(tmpdir(), 'signet-web-data-'));
    const local = await startLocal({ data, port: 0 });
    const browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    return new ConsoleRun(local, browser);
  }

  get url(): string {
    return this.local.urls.console ?? '';
  }

  /** The registry as an administrator calls it. */
  get admin(): Client {
    return clientAs(this.local.urls.people ?? '', 'local-admin; groups=signet-admins');
  }

  /** A page as somebody sees it. */
  async page(principal?: string, options: { width?: number; dark?: boolean } = {}): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width: options.width ?? 1_300, height: 900 },
      colorScheme: options.dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
      acceptDownloads: true,
    });
    this.contexts.push(context);
    if (principal) {
      await context.addInitScript({
        content: `localStorage.setItem('signet.principal', ${JSON.stringify(principal)})`,
      });
    }
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      const isRefusal = message.text().startsWith('Failed to load resource: the server responded with a status of');
      if (message.type() === 'error' && !isRefusal) this.errors.push(message.text());
    });
    return page;
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.close()));
    await this.browser.close();
    await this.local.close();
    rmSync(this.local.dataFolder, { recursive: true, force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }
}
