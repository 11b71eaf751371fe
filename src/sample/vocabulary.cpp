#include "sample/vocabulary.h"

namespace enamel::sample {

const std::array<std::string_view, 64> kLastNames = {
    "Abbott",  "Alvarez",  "Anderson", "Bakker",   "Bauer",    "Bennett",  "Berg",   "Blanc",
    "Brooks",  "Campbell", "Castillo", "Chen",     "Clarke",   "Cohen",    "Costa",  "Davies",
    "Diaz",    "Dubois",   "Eriksen",  "Evans",    "Fischer",  "Flores",   "Foster", "Garcia",
    "Gruber",  "Hansen",   "Harris",   "Hoffmann", "Ivanova",  "Jackson",  "Jensen", "Johnson",
    "Kelly",   "Kim",      "Kowalski", "Larsen",   "Lee",      "Lindgren", "Lopez",  "Martin",
    "Mayer",   "Mitchell", "Moreau",   "Morris",   "Müller",   "Nakamura", "Nguyen", "Novak",
    "O'Brien", "Olsen",    "Patel",    "Perez",    "Petrov",   "Quinn",    "Reed",   "Rossi",
    "Santos",  "Schmidt",  "Silva",    "Smith",    "Sørensen", "Taylor",   "Walker", "Zhang"};

const std::array<std::string_view, 64> kFirstNames = {
    "Ada",   "Alan",   "Alice",  "Amara", "Amir",   "Anna",  "Arthur", "Bea",  "Ben",    "Carla", "Carlos",
    "Chloe", "Clara",  "Daniel", "David", "Diana",  "Elena", "Eli",    "Emma", "Erik",   "Eva",   "Felix",
    "Fiona", "Frank",  "Gina",   "Grace", "Hana",   "Henry", "Hugo",   "Ida",  "Igor",   "Irene", "Isaac",
    "Jack",  "Jane",   "Jonas",  "José",  "Julia",  "Karen", "Kofi",   "Lars", "Laura",  "Leo",   "Lina",
    "Louis", "Lucy",   "Maria",  "Mark",  "Mia",    "Nadia", "Nina",   "Noah", "Oliver", "Olga",  "Paul",
    "Pia",   "Rafael", "Renée",  "Rosa",  "Samuel", "Sofia", "Thomas", "Vera", "Yusuf"};

const std::array<std::string_view, 16> kStreets = {"Alder St",    "Birch Ave", "Cedar Ln",  "Chestnut Rd",
                                                   "Dogwood Dr",  "Elm St",    "Fir Ct",    "Hazel Way",
                                                   "Juniper Ave", "Linden St", "Maple Ave", "Oak St",
                                                   "Pine Rd",     "Poplar Ln", "Spruce St", "Willow Ct"};

const std::array<std::string_view, 12> kCities = {"Ashford",   "Brookdale", "Clearwater", "Dunmore",
                                                  "Eastfield", "Fairview",  "Glenwood",   "Hillsboro",
                                                  "Kingsport", "Lakeside",  "Milford",    "Northgate"};

const std::array<std::string_view, 24> kNotePhrases = {
    "Patient confirmed by text message",
    "Left message on voicemail",
    "Called to move the appointment, prefers mornings",
    "Reviewed medical history, no changes",
    "BP 122/78, pulse 68",
    "Discussed treatment plan and fees, patient agreed",
    "One carpule 2% lidocaine with 1:100k epinephrine, infiltration",
    "Rubber dam placed, caries removed, etch, bond, composite A2",
    "Occlusion checked and adjusted, patient dismissed comfortable",
    "Generalized light plaque, localized moderate calculus lower anteriors",
    "Oral hygiene instructions given, recommended electric brush",
    "Probing depths 2-4 mm, bleeding on probing at 14 and 19",
    "Bitewings taken, no new caries found",
    "Impression taken, shade A3, sent to the lab",
    "Crown seated, margins closed, contacts tight",
    "Patient reports sensitivity to cold, upper left",
    "Balance due discussed, will pay at next visit",
    "Insurance verified, 80% basic, 50% major, deductible met",
    "Mother asked for the receipts of last year",
    "Running ten minutes late",
    "Needs premedication, called the pharmacy",
    "Watch distal of 30",
    "Referred for third molar consultation",
    "Next visit in six months"};

const std::array<std::string_view, 12> kCarriers = {
    "Evergreen Dental Plan", "Harbor Mutual",       "Keystone Benefits", "Lakeland Health",
    "Meridian Dental",       "Northern Life",       "Pacific Crest",     "Prairie Insurance",
    "Redwood Employees",     "Summit Dental Trust", "Teachers Plan",     "Union Benefit Fund"};

const std::array<std::string_view, 12> kMedications = {
    "Amlodipine 5 mg",  "Amoxicillin 500 mg", "Atorvastatin 20 mg", "Clindamycin 300 mg",
    "Ibuprofen 600 mg", "Levothyroxine",      "Lisinopril 10 mg",   "Metformin 500 mg",
    "Omeprazole 20 mg", "Salbutamol",         "Sertraline 50 mg",   "Warfarin 5 mg"};

const std::array<std::string_view, 8> kAllergies = {"Penicillin", "Latex",  "Codeine",          "Aspirin",
                                                    "Sulfa",      "Iodine", "Local anesthetic", "Nickel"};

const std::array<std::string_view, 8> kComputers = {"FRONTDESK1", "FRONTDESK2", "OP1",     "OP2",
                                                    "HYGIENE1",   "HYGIENE2",   "MANAGER", "SERVER"};

const std::array<ProcedureKind, 24> kProcedures = {{
    {"D0120", "periodic oral evaluation", "PerEx", 6200},
    {"D0140", "limited oral evaluation, problem focused", "LimEx", 8900},
    {"D0150", "comprehensive oral evaluation", "CompEx", 11400},
    {"D0210", "full mouth radiographs", "FMX", 16800},
    {"D0220", "periapical radiograph", "PA", 3600},
    {"D0274", "four bitewing radiographs", "4BW", 8100},
    {"D0330", "panoramic radiograph", "Pano", 14300},
    {"D1110", "prophylaxis, adult", "Pro", 11200},
    {"D1120", "prophylaxis, child", "ChPro", 8300},
    {"D1206", "fluoride varnish", "FlVarn", 4800},
    {"D1351", "sealant, each tooth", "Seal", 6600},
    {"D2140", "amalgam, one surface", "A1", 17200},
    {"D2330", "composite, one surface, anterior", "C1", 19700},
    {"D2391", "composite, one surface, posterior", "C1(P)", 21300},
    {"D2392", "composite, two surfaces, posterior", "C2(P)", 27800},
    {"D2740", "crown, ceramic", "CerCrn", 142500},
    {"D2950", "core buildup", "BU", 33100},
    {"D3310", "root canal, anterior", "RCT-Ant", 91800},
    {"D3330", "root canal, molar", "RCT-Mol", 131400},
    {"D4341", "scaling and root planing, quadrant", "SRP", 29600},
    {"D4910", "periodontal maintenance", "PerioM", 15900},
    {"D7140", "extraction, erupted tooth", "Ext", 22800},
    {"D7210", "extraction, surgical", "SurgExt", 35700},
    {"D9110", "emergency treatment of pain", "Pal", 14800},
}};

}  // namespace enamel::sample
