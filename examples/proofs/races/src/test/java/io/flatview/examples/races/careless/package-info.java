/** Every public method of the API, called by users that read no documentation. */
package io.flatview.examples.races.careless;
