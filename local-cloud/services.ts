import type { CreateService } from './core/service.ts';
import { createApiGateway } from './services/apigateway/index.ts';
import { createAppSync } from './services/appsync/index.ts';
import { createCloudFront } from './services/cloudfront/index.ts';
import { createCloudwatch } from './services/cloudwatch/index.ts';
import { createCognito } from './services/cognito/index.ts';
import { createCostExplorer } from './services/costexplorer/index.ts';
import { createDynamodb } from './services/dynamodb/index.ts';
import { createEventBridge } from './services/eventbridge/index.ts';
import { createIam } from './services/iam/index.ts';
import { createLambda } from './services/lambda/index.ts';
import { createLogs } from './services/logs/index.ts';
import { createS3 } from './services/s3/index.ts';
import { createEventBridgeScheduler } from './services/scheduler/index.ts';
import { createSecretsManager } from './services/secretsmanager/index.ts';
import { createSqs } from './services/sqs/index.ts';
import { createSsm } from './services/ssm/index.ts';
import { createStepFunctions } from './services/stepfunctions/index.ts';
import { createXray } from './services/xray/index.ts';

/**
 * Every service, in the order in which they are made and started; they stop in reverse, so that those that cause work
 * end before those that keep its results.
 */
export const services: [name: string, create: CreateService][] = [
  ['dynamodb', createDynamodb],
  ['iam', createIam],
  ['logs', createLogs],
  ['xray', createXray],
  ['s3', createS3],
  ['cognito', createCognito],
  ['sqs', createSqs],
  ['lambda', createLambda],
  ['stepfunctions', createStepFunctions],
  ['eventbridge', createEventBridge],
  ['ssm', createSsm],
  ['secretsmanager', createSecretsManager],
  ['scheduler', createEventBridgeScheduler],
  ['cloudwatch', createCloudwatch],
  ['apigateway', createApiGateway],
  ['appsync', createAppSync],
  ['cloudfront', createCloudFront],
  ['costexplorer', createCostExplorer],
];
