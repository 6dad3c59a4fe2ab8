/**
 * What an application may say to Hindcast. Nothing here does anything by itself: without the agent
 * the annotations are inert and every method answers at once that nobody listens. The agent
 * recognises these types by name, in whatever class loader they are.
 */
package io.hindcast.api;
