import { notSupported } from '../../core/errors.ts';
import type { CreateService } from '../../core/service.ts';
import { Edge, page } from './edge.ts';
import { FrontDoor } from './front-door.ts';
import { Registry } from './registry.ts';
import { cloudFrontResources } from './resources.ts';

/**
 * Amazon CloudFront: the first enabled distribution of the Terraform answers on the console's port, by its own
 * behaviours, functions and policies. Listens when started; a taken port is an error of one sentence.
 */
export const createCloudFront: CreateService = async (cloud) => {
  const registry = new Registry();
  const edge = new Edge(cloud, registry);
  const frontDoor = new FrontDoor(async (request) => {
    const distribution = registry.served();
    if (!distribution) return page(404, 'No distribution is deployed.', 'Error from cloudfront');
    return edge.serve(distribution, request);
  }, cloud.logger);

  return {
    signingNames: ['cloudfront'],
    resources: cloudFrontResources(cloud, registry),
    async handle({ method, path }) {
      throw notSupported('CloudFront', `${method} ${path}`);
    },
    async start() {
      if (registry.served()) await frontDoor.listen(cloud.consolePort);
    },
    stop: () => frontDoor.close(),
  };
};
