import { type ComponentType, lazy } from 'react';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { NotFound } from './not-found';
import { places } from './places';
import { DEFAULT_WORKSPACE } from './registry';
import { Shell } from './shell';

/** Pages are loaded when they are shown first. */
const PAGES: Readonly<Record<string, ComponentType>> = {
  models: lazy(() => import('../models/models-page')),
  versions: lazy(() => import('../search/versions-page')),
  'models/:model': lazy(() => import('../model/model-page')),
  'models/:model/compare': lazy(() => import('../compare/compare-page')),
  'models/:model/versions/:version': lazy(() => import('../version/version-page')),
  'models/:model/requests/:request': lazy(() => import('../approvals/request-page')),
  approvals: lazy(() => import('../approvals/approvals-page')),
  policies: lazy(() => import('../policies/policies-page')),
  access: lazy(() => import('../access/access-page')),
  mails: lazy(() => import('../subscriptions/subscriptions-page')),
  audit: lazy(() => import('../audit/audit-page')),
  webhooks: lazy(() => import('../webhooks/webhooks-page')),
  'webhooks/:webhook': lazy(() => import('../webhooks/webhook-page')),
};

/** Every page of the console by its address. */
export function Pages() {
  return (
    <BrowserRouter>
      <Routes>
        <Route path="/" element={<Navigate to={places.models(DEFAULT_WORKSPACE)} replace />} />
        <Route path="/workspaces/:workspace" element={<Shell />}>
          <Route index element={<Navigate to="models" replace />} />
          {Object.entries(PAGES).map(([path, Component]) => (
            <Route key={path} path={path} Component={Component} />
          ))}
        </Route>
        <Route path="*" element={<Shell />}>
          <Route path="*" Component={NotFound} />
        </Route>
      </Routes>
    </BrowserRouter>
  );
}
