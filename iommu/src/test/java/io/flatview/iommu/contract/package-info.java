/**
 * What a model of an IOMMU must keep, as tests: extend {@link io.flatview.iommu.contract.TranslatorContract} and say
 * how to make yours. It is in the test-jar of this module, beside the one of the API with the contract of reclamation
 * flavours.
 */
package io.flatview.iommu.contract;
