import type { Case } from '../case.ts';
import { executions, integrations } from './stepfunctions/executions.ts';
import { failing, language } from './stepfunctions/language.ts';
import { machines } from './stepfunctions/machines.ts';

export const stepFunctionsCases: Case[] = [
  ...language,
  ...failing,
  ...executions,
  ...integrations,
  ...machines,
];
