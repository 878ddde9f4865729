/** A front end and a guest's driver, to drive back ends with good and bad requests. */
package io.flatview.examples.vhost.front;
