import type { Resource } from '../resource.ts';
import { dismissInsight } from './dismiss.ts';
import { showInsights } from './show.ts';

export const insightsResource: Resource = {
  name: 'insights',
  summary: 'see how employees did, and what that suggests',
  verbs: [showInsights, dismissInsight],
};
