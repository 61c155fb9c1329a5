import { defineConfig, type Plugin } from 'vite';

/** `SIGNET_API` names the registry that the development server passes calls on to; `npm start` prints it as the console. */
const registry = process.env['SIGNET_API'] ?? 'http://127.0.0.1:8425';

/**
 * The layout of pages brings a list that can be sorted by dragging, for a drawer of new features. The console has no such
 * drawer, and every first view would load the list.
 */
const withoutFeatureList: Plugin = {
  name: 'without-feature-list',
  enforce: 'pre',
  resolveId: (source, importer = '') =>
    source === '../../../list/internal' && importer.endsWith('/drawer/feature-notifications-drawer-content.js')
      ? '\0no-list'
      : undefined,
  load: (id) => (id === '\0no-list' ? 'export default () => null;' : undefined),
};

export default defineConfig(({ command }) => {
  // Whoever builds it may run under another environment, such as a test; what is served is always the same.
  if (command === 'build') process.env['NODE_ENV'] = 'production';
  return {
    root: import.meta.dirname,
    plugins: [withoutFeatureList],
    build: {
      target: 'es2023',
      // The content security policy allows no inline data as a script or style, and files are cached for good.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      emptyOutDir: true,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1_500,
    },
    server: {
      port: 5173,
      strictPort: true,
      proxy: Object.fromEntries(
        // Whole segments: the page's own addresses begin with /workspaces.
        ['^/v1/', '^/w/', '^/health$', '^/version$', '^/config.json$'].map((path) => [
          path,
          // The registry answers pages of its own origin only.
          { target: registry, changeOrigin: true, headers: { origin: new URL(registry).origin } },
        ]),
      ),
    },
  };
});
