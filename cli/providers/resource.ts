import type { Resource } from '../resource.ts';
import { importProvider } from './import.ts';
import { importMcp } from './import-mcp.ts';
import { listProviders } from './list.ts';
import { removeProvider } from './remove.ts';
import { reviewProvider } from './review.ts';
import { showProvider } from './show.ts';

export const providersResource: Resource = {
  name: 'providers',
  summary: "bring your organisation's own providers along",
  verbs: [importProvider, importMcp, listProviders, showProvider, reviewProvider, removeProvider],
};
