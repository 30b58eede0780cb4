"""The words of French places: communes that do not exist and streets that could stand in any of them."""

TOWN = "Valmorande"
RIVER = "la Vélande"
VILLAGES = (
    "Saint-Aubert-des-Ormes", "Courcelange", "Montrevard", "Brézolette", "La Chaussière-aux-Bois",
    "Fontanveil", "Sainte-Orlande", "Pont-Vélande", "Champvernay-le-Haut", "Rouvrelle",
    "Le Mesnil-Taillard", "Aubergnolles", "Vieilmoutier-en-Plaine", "Grandlac-sous-Roche", "Noirépine",
    "Saint-Fortunin", "Belleserre-la-Garde", "Tournelaye", "Marchevaux", "Les Essarts-Gervais",
    "Clairefond-sur-Motte", "Villerange",
)  # fmt: skip
HAMLETS = (
    "La Grange Neuve", "Les Quatre Vents", "Le Moulin Brûlé", "La Borderie", "Les Petits Champs",
    "La Métairie", "Le Bois Joli", "La Croix Blanche", "Les Brosses", "Le Pré Long", "La Fontaine Froide",
    "Les Genêts", "La Tuilerie", "Le Grand Chêne", "Les Aubépines", "La Bergerie", "Le Gué Perdu",
    "Les Landes", "La Sapinière", "Le Clos Renaud", "Les Varennes", "La Haute Folie", "Le Buisson Rond",
    "La Loge", "Les Marnières", "Le Puits Salé", "La Vernelle", "Les Rouères", "La Combe Noire",
    "Le Champ du Coq", "Les Vieilles Vignes", "La Roche Pendue", "Le Bas Étang", "La Maison Seule",
    "Les Charmes", "La Renardière", "Le Pas du Loup", "Les Ouches", "La Verdière", "Le Chaumont",
    "Les Bruyères Hautes", "La Nouette", "Le Moulin Neuf", "Les Trois Bornes", "La Gaudinière",
    "Le Petit Mont", "Les Terres Rouges", "La Ferme Haute",
)  # fmt: skip
PEAKS = (
    "Mont Chauvel", "Puy Renard", "Butte aux Corbeaux", "Signal de Rouvre", "Crêt Moussu", "Mont Sonnant",
    "Roche Cornue", "Tertre Blanc",
)  # fmt: skip

# Old trades and things of a walled town.
OLD_STREETS = (
    "Rue des Tanneurs", "Rue des Tisserands", "Rue du Puits aux Chats", "Rue de la Vieille Halle",
    "Rue des Potiers", "Rue du Four Banal", "Rue des Cordeliers", "Ruelle du Guet", "Rue aux Fèves",
    "Rue de l'Échevin", "Rue des Chapeliers", "Rue du Grenier à Sel", "Rue des Trois Piliers",
    "Rue de la Petite Poterne", "Rue du Pilori", "Rue des Dinandiers", "Venelle Saint-Éloi",
    "Rue du Beffroi", "Rue de la Monnaie", "Rue des Ursulines", "Rue du Cloître", "Rue de l'Ancien Collège",
    "Rue des Lavandières", "Rue Basse", "Rue Haute", "Rue du Marché au Blé", "Rue des Bons Enfants",
    "Rue de la Tour Carrée", "Rue du Chapitre", "Rue des Parcheminiers", "Rue des Vieux Fossés",
    "Rue du Mouton Blanc", "Rue de l'Arquebuse", "Rue Étroite", "Rue du Bout du Monde",
    "Passage des Drapiers", "Rue de la Prévôté", "Rue des Meuniers", "Rue du Chaudron", "Rue Torte",
    "Rue du Cheval Rouge", "Rue de la Sirène", "Rue des Orfèvres", "Rue Mouillée", "Rue du Vieux Théâtre",
    "Rue Saint-Crépin", "Rue des Carmes", "Impasse du Pressoir", "Rue de l'Aumônerie",
    "Rue de la Chandelle", "Rue des Maréchaux", "Rue du Petit Pont", "Rue des Bouchers", "Rue du Lion d'Or",
)  # fmt: skip
BOULEVARDS = (
    "Boulevard des Remparts", "Boulevard du Mail", "Boulevard de la Porte Haute", "Boulevard des Tilleuls",
    "Boulevard Neuf", "Boulevard de la République",
)  # fmt: skip
QUAYS = (
    "Quai des Mariniers", "Quai de la Tannerie", "Quai aux Foins", "Quai des Lavoirs",
    "Quai de la Petite Rive", "Quai des Saules", "Quai du Port au Bois", "Quai Neuf",
)  # fmt: skip
BRIDGES = ("Vieux Pont", "Pont Neuf", "Pont du Mail", "Pont des Saules", "Pont de la Plaine", "Pont du Gué")
VILLAGE_STREETS = (
    "Grande Rue", "Rue de l'Église", "Rue de la Mairie", "Chemin du Lavoir", "Rue de l'École",
    "Rue du Four", "Rue de la Fontaine", "Chemin du Cimetière", "Rue des Tilleuls", "Rue du Presbytère",
    "Rue du Moulin", "Chemin de la Mare", "Rue de la Forge", "Impasse des Noyers", "Rue du Château",
    "Rue de l'Abreuvoir", "Ruelle du Clocher", "Chemin des Vignes", "Rue Neuve", "Rue du Pressoir",
    "Rue des Jardins", "Chemin de la Croix", "Rue de la Poste", "Rue du Stade", "Rue de l'Ancienne Gare",
    "Chemin des Prés", "Rue du Puits", "Rue du Tilleul", "Chemin du Gué", "Rue de la Scierie",
)  # fmt: skip
KINDS = ("Rue", "Rue", "Rue", "Rue", "Allée", "Chemin", "Avenue")
SMALL_KINDS = ("Impasse", "Impasse", "Allée", "Allée", "Square", "Clos", "Rue")
THINGS = (
    "des Acacias", "des Alouettes", "des Amandiers", "de l'Aqueduc", "des Ardoisières", "de l'Avenir",
    "des Bleuets", "du Bocage", "des Bouleaux", "des Bouvreuils", "de la Briqueterie", "des Bruyères",
    "des Capucines", "de la Carrière", "des Cerisiers", "du Champ de Foire", "des Charmilles",
    "des Châtaigniers", "des Chevreuils", "des Clématites", "de la Coopérative", "des Coquelicots",
    "du Coteau", "des Cytises", "de l'Écluse", "des Églantines", "des Érables", "de l'Espérance",
    "des Fauvettes", "de la Filature", "des Fougères", "des Frênes", "de la Gare", "des Genévriers",
    "des Glycines", "de la Grande Haie", "des Grives", "du Gymnase", "des Hirondelles", "de l'Horloge",
    "des Hortensias", "des Iris", "des Jacinthes", "de la Jachère", "des Jonquilles", "de la Laiterie",
    "des Lauriers", "des Lilas", "du Lycée", "de la Manufacture", "des Marguerites", "des Marronniers",
    "des Mésanges", "des Mimosas", "du Muguet", "des Mûriers", "des Myosotis", "des Narcisses",
    "des Noisetiers", "de l'Octroi", "des Oliviers", "de l'Orangerie", "des Orchidées", "de l'Ouche",
    "de la Paix", "des Pâquerettes", "du Parc", "des Pensées", "des Peupliers", "des Pinsons",
    "des Pivoines", "des Platanes", "du Plateau", "de la Prairie", "des Primevères", "des Pruniers",
    "du Rossignol", "de la Roseraie", "des Rouges-Gorges", "du Ruisseau", "de la Sablière", "des Sapins",
    "des Saules", "de la Source", "des Sorbiers", "de la Sous-Préfecture", "du Stade", "des Sureaux",
    "de la Tannerie", "des Tourterelles", "des Troènes", "du Vallon", "des Vergers", "de la Verrerie",
    "des Vignes", "des Violettes", "du Viaduc", "du Château d'Eau", "des Chênes", "de la Cité",
    "des Camélias", "du Clos Fleuri", "de la Colline", "du Belvédère", "des Champs Dorés",
)  # fmt: skip
FIRST_NAMES = (
    "Adèle", "Alphonse", "Augustine", "Benoît", "Berthe", "Camille", "Célestin", "Claire", "Clément",
    "Désiré", "Édith", "Émile", "Eugénie", "Fernand", "Gabrielle", "Gaston", "Henriette", "Honoré",
    "Jeanne", "Jules", "Léonie", "Lucien", "Marguerite", "Maurice", "Noémie", "Octave", "Pauline", "Rose",
    "Sidonie", "Théodore",
)  # fmt: skip
LAST_NAMES = (
    "Aubreval", "Barquenault", "Bellorgeais", "Boisrenard", "Cardevielle", "Chantemesse-Roy", "Courtaval",
    "Dambreuse-Piot", "Delacrouy", "Escoffrin", "Fauvelange", "Ferrandeau-Lys", "Garancière", "Grandpérin",
    "Hautecloche", "Jarrossin", "Lachevrie", "Lormoisel", "Malvaudin", "Merlandoux", "Noirvaltier",
    "Orsevalle", "Pelleranche", "Quintavault", "Rabouindre", "Sauvegrain-Malo", "Tessandieu", "Vaudremont",
    "Verchamp", "Ysambart",
)  # fmt: skip
