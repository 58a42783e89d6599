/**
 * Spans are appended as they come, never changed: a span that is sent again is a later row. Summaries, calls and
 * values are derived from them, trace by trace, and replaced when more of a trace comes in; `revision` is the sequence
 * up to which spans have been looked at.
 */
export const TRACE_SCHEMA = `
DROP TABLE IF EXISTS segments;
CREATE TABLE IF NOT EXISTS trace_spans (
  trace_id VARCHAR, id VARCHAR, parent_id VARCHAR, is_segment BOOLEAN, start_time DOUBLE, end_time DOUBLE,
  sequence BIGINT, document VARCHAR);
CREATE TABLE IF NOT EXISTS trace_summaries (
  trace_id VARCHAR, revision BIGINT, start_time DOUBLE, end_time DOUBLE, event_time DOUBLE, duration DOUBLE,
  response_time DOUBLE, ok BOOLEAN, error BOOLEAN, fault BOOLEAN, throttle BOOLEAN, partial BOOLEAN,
  http_status DOUBLE, http_url VARCHAR, http_method VARCHAR, http_useragent VARCHAR, http_clientip VARCHAR,
  summary VARCHAR);
CREATE TABLE IF NOT EXISTS trace_calls (
  trace_id VARCHAR, name VARCHAR, type VARCHAR, account VARCHAR, caller_name VARCHAR, caller_type VARCHAR,
  start_time DOUBLE, end_time DOUBLE, response_time DOUBLE, root BOOLEAN, inferred BOOLEAN, remote BOOLEAN,
  last BOOLEAN, depth DOUBLE, ok BOOLEAN, error BOOLEAN, fault BOOLEAN, throttle BOOLEAN, partial BOOLEAN,
  http_status DOUBLE, http_url VARCHAR, http_method VARCHAR, http_useragent VARCHAR, http_clientip VARCHAR);
CREATE TABLE IF NOT EXISTS trace_values (
  trace_id VARCHAR, kind VARCHAR, key VARCHAR, service_name VARCHAR, service_type VARCHAR,
  text VARCHAR, number DOUBLE, flag BOOLEAN);
`;
