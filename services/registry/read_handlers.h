// Every call of RegistryService that reads, as plain functions of book, caller and request.
#ifndef LANDBOOK_SERVICES_REGISTRY_READ_HANDLERS_H_
#define LANDBOOK_SERVICES_REGISTRY_READ_HANDLERS_H_

#include "services/registry/access_reads.h"      // who was shown private fields
#include "services/registry/case_reads.h"        // cases, their applications, the calendar
#include "services/registry/collective_reads.h"  // resolutions, filings, ranks, advances, officers
#include "services/registry/control_reads.h"     // control layers and their shapes
#include "services/registry/household_reads.h"   // a household at a glance, a party through time
#include "services/registry/journal_reads.h"     // Watch
#include "services/registry/party_reads.h"       // parties, and their private fields
#include "services/registry/plot_browser.h"      // windows one after another
#include "services/registry/plot_reads.h"        // plots, units, windows
#include "services/registry/proof_reads.h"       // heads and proofs
#include "services/registry/right_reads.h"   // rights, contracts, mortgages, cautions, certificates
#include "services/registry/statistics.h"    // counts
#include "services/registry/verify_reads.h"  // VerifyBook

#endif  // LANDBOOK_SERVICES_REGISTRY_READ_HANDLERS_H_
