import type { Cloud } from '../../core/cloud.ts';
import { AwsError, notSupported } from '../../core/errors.ts';
import type { AwsRequest, AwsResponse, Service } from '../../core/service.ts';
import { listenForSegments } from './daemon.ts';
import { parseSegment, SegmentError } from './segments.ts';

function documentsOf(request: AwsRequest): string[] {
  let input: unknown;
  try {
    input = JSON.parse(request.body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.');
  }
  const documents =
    typeof input === 'object' && input !== null ? Reflect.get(input, 'TraceSegmentDocuments') : undefined;
  if (!Array.isArray(documents) || !documents.every((each) => typeof each === 'string')) {
    throw new AwsError('InvalidRequestException', 'TraceSegmentDocuments must be a list of strings.');
  }
  return documents;
}

/** AWS X-Ray: takes segments over UDP, as the daemon, and over PutTraceSegments. */
export async function createXray(cloud: Cloud): Promise<Service> {
  const { telemetry } = cloud;
  const daemon = await listenForSegments((document) => telemetry.segment(document), cloud.logger);
  cloud.xrayDaemonAddress = daemon.address;

  function putTraceSegments(request: AwsRequest): AwsResponse {
    const refused: object[] = [];
    for (const text of documentsOf(request)) {
      try {
        telemetry.segment(parseSegment(text));
      } catch (error) {
        if (!(error instanceof SegmentError)) throw error;
        refused.push({
          ...(error.id === undefined ? {} : { Id: error.id }),
          ErrorCode: error.code,
          Message: error.message,
        });
      }
    }
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ UnprocessedTraceSegments: refused }),
    };
  }

  return {
    signingNames: ['xray'],
    resources: {},
    async handle(request) {
      if (request.method === 'POST' && request.path === '/TraceSegments') return putTraceSegments(request);
      throw notSupported('X-Ray', `${request.method} ${request.path}`);
    },
    stop: () => daemon.close(),
  };
}
