import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Tracing } from './tracing.ts';

/** Tracing by Powertools' X-Ray tracer: the only module that knows it. */
export function xrayTracing(): Tracing {
  const tracer = new Tracer({ captureHTTPsRequests: false });
  return {
    client: (client) => tracer.captureAWSv3Client(client),
    async step(name, annotations, work) {
      const parent = tracer.getSegment();
      const subsegment = parent?.addNewSubsegment(name);
      if (!parent || !subsegment) return work();
      tracer.setSegment(subsegment);
      for (const [key, value] of Object.entries(annotations)) tracer.putAnnotation(key, value);
      try {
        return await work();
      } catch (error) {
        tracer.addErrorAsMetadata(error instanceof Error ? error : new Error(String(error)));
        throw error;
      } finally {
        subsegment.close();
        tracer.setSegment(parent);
      }
    },
  };
}
