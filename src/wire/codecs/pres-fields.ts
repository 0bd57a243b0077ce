import { defineFields, put } from '../define-dissector.ts';

/** Fields of OSI presentation. */
export const presFields = defineFields({
  modeSelectorElement: { name: 'pres.mode_selector_element', ...put('none', 'mode-selector') },
  normalModeParametersElement: { name: 'pres.normal_mode_parameters_element', ...put('none', 'normal-mode-parameters') },
  callingPresentationSelector: { name: 'pres.calling_presentation_selector', ...put('bytes', 'calling-presentation-selector') },
  calledPresentationSelector: { name: 'pres.called_presentation_selector', ...put('bytes', 'called-presentation-selector') },
  presentationContextDefinitionList: { name: 'pres.presentation_context_definition_list', ...put('u32', 'presentation-context-definition-list') },
  userData: { name: 'pres.user_data', ...put('u32', 'user-data') },
  respondingPresentationSelector: { name: 'pres.responding_presentation_selector', ...put('bytes', 'responding-presentation-selector') },
  presentationContextDefinitionResultList: { name: 'pres.presentation_context_definition_result_list', ...put('u32', 'presentation-context-definition-result-list') },
  contextListItemElement: { name: 'pres.Context_list_item_element', ...put('none', 'Context-list item') },
  presentationContextIdentifier: { name: 'pres.presentation_context_identifier', ...put('i32', 'presentation-context-identifier') },
  abstractSyntaxName: { name: 'pres.abstract_syntax_name', ...put('oid', 'abstract-syntax-name') },
  transferSyntaxNameList: { name: 'pres.transfer_syntax_name_list', ...put('u32', 'transfer-syntax-name-list') },
  transferSyntaxName: { name: 'pres.Transfer_syntax_name', ...put('oid', 'Transfer-syntax-name') },
  resultListItemElement: { name: 'pres.Result_list_item_element', ...put('none', 'Result-list item') },
  result: { name: 'pres.result', ...put('i32', 'result') },
  fullyEncodedData: { name: 'pres.fully_encoded_data', ...put('u32', 'fully-encoded-data') },
  pDVListElement: { name: 'pres.PDV_list_element', ...put('none', 'PDV-list') },
  presentationDataValues: { name: 'pres.presentation_data_values', ...put('u32', 'presentation-data-values') },
  octetAligned: { name: 'pres.octet_aligned', ...put('bytes', 'octet-aligned') },
});
