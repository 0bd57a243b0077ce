import { defineFields, put } from '../define-dissector.ts';

export const kafkaFields = defineFields({
  len: { name: 'kafka.len', ...put('i32', 'Length') },
  error: { name: 'kafka.error', ...put('i16', 'Error') },
  apiKey: { name: 'kafka.api_key', ...put('i16', 'API Key') },
  apiVersion: { name: 'kafka.api_version', ...put('i16', 'API Version') },
  requestKey: { name: 'kafka.request_key', ...put('i16', 'API Key') },
  responseKey: { name: 'kafka.response_key', ...put('i16', 'API Key') },
  requestVersion: { name: 'kafka.request.version', ...put('i16', 'API Version') },
  responseVersion: { name: 'kafka.response.version', ...put('i16', 'API Version') },
  correlationId: { name: 'kafka.correlation_id', ...put('i32', 'Correlation ID') },
  clientId: { name: 'kafka.client_id', ...put('string', 'Client ID') },
  topicName: { name: 'kafka.topic_name', ...put('string', 'Topic Name') },
  requestFrame: { name: 'kafka.request_frame', ...put('framenum', 'Request Frame') },
  responseFrame: { name: 'kafka.response_frame', ...put('framenum', 'Response Frame') },
});
