//! Calendar synchronization: endpoints, plans, convergence
